//! The one account of a machine that serves nobody else. Its key lies in the data folder, readable by the owner of the
//! folder alone: who can read it is who may use this Leito.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use leito_http::secret;
use runtime::Ids;
use store::api_keys::{self, NewKey};
use store::projects::{self, NewProject};
use store::users::{self, NewUser};
use store::{Store, Transaction};
use uuid::Uuid;

use crate::folder::DataFolder;

/// No mail goes there: the name ends in a domain that never resolves.
const EMAIL: &str = "local@leito.invalid";

/// The secret that signs tokens, made once for this folder.
pub fn token_secret(folder: &DataFolder) -> Result<Vec<u8>> {
    let file = folder.path().join("token-secret");
    if let Some(secret) = read(&file)? {
        return Ok(secret.into_bytes());
    }
    let (secret, _) = new_secret("")?;
    write(&file, &secret)?;
    Ok(secret.into_bytes())
}

/// The key of the local account, made with the account where it does not open it (any more).
pub async fn key(store: &Store, ids: &dyn Ids, folder: &DataFolder) -> Result<String> {
    let file = folder.key_file();
    let mut client = store.client().await?;
    if let Some(key) = read(&file)?
        && api_keys::open(&client, &secret::hash(&key))
            .await?
            .is_some()
    {
        return Ok(key);
    }
    let (key, key_hash) = new_secret(leito_http::auth::KEY_PREFIX)?;
    let tx = client.transaction().await?;
    let new = NewKey {
        id: ids.next(),
        user_id: user(&tx, ids).await?,
        name: "this machine".to_owned(),
        hint: secret::hint(&key),
        key_hash,
        scopes: vec!["read".to_owned(), "write".to_owned()],
        expires_at: None,
    };
    api_keys::insert(&tx, &new).await?;
    tx.commit().await?;
    write(&file, &key)?;
    Ok(key)
}

async fn user(tx: &Transaction<'_>, ids: &dyn Ids) -> Result<Uuid> {
    if let Some(user) = users::find_by_email(tx, EMAIL).await? {
        return Ok(user.id);
    }
    let user = NewUser {
        id: ids.next(),
        name: "This machine".to_owned(),
        email: EMAIL.to_owned(),
        cpf: None,
        password_hash: None,
        is_admin: true,
    };
    let project = NewProject {
        id: ids.next(),
        name: "Studies".to_owned(),
        description: "What is run on this machine.".to_owned(),
        created_by: user.id,
    };
    users::insert(tx, &user).await?;
    projects::insert(tx, &project).await?;
    Ok(user.id)
}

fn new_secret(prefix: &str) -> Result<(String, secret::Hash)> {
    secret::new(prefix).map_err(|_| anyhow!("the system gives no random numbers"))
}

fn read(file: &Path) -> Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Whole or not at all, and never readable by others, not even for a moment.
fn write(file: &Path, secret: &str) -> Result<()> {
    let unfinished = file.with_added_extension("new");
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .and_then(|mut to| writeln!(to, "{secret}"))
        .and_then(|()| fs::rename(&unfinished, file))
        .with_context(|| format!("cannot write {}", file.display()))
}
