//! Passwords: kept as argon2id hashes (OWASP's first parameters: 19 MiB, two passes). Hashing takes tens of milliseconds
//! and megabytes on purpose, so one thread does it, for one request after the other, and always in the same memory: from
//! an allocator that is asked for so much by many threads it would not come back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::oneshot;

use crate::Problem;

type Work = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

static HASHER: LazyLock<Sender<Work>> = LazyLock::new(|| {
    let (sender, given) = channel::<Work>();
    let work = move || {
        let mut memory = Vec::new();
        for one in given {
            // Who waits for the answer of a panic is told that there is none.
            let _ = catch_unwind(AssertUnwindSafe(|| one(&mut memory)));
        }
    };
    // Without the thread nobody receives, which whoever sends is told.
    let _ = thread::Builder::new()
        .name("passwords".to_owned())
        .spawn(work);
    sender
});

/// A hash that no password opens, made with the same parameters as those that one does.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8gc2FsdCBhdCBhbGwuLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What to keep of this password, in the PHC format.
pub async fn hash(password: String) -> Result<String, Problem> {
    let mut salt = [0; 16];
    aws_lc_rs::rand::fill(&mut salt).map_err(Problem::internal)?;
    in_turn(move |memory| {
        let params = Params::default();
        let output = digest(&password, &salt, &params, memory)?;
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(Salt::new(&salt)?),
            hash: Some(output),
        };
        Ok(hash.to_string())
    })
    .await
}

/// Whether this is the password that was kept. Where nothing was kept it is not, and finding that out takes as long.
pub async fn verify(password: String, kept: Option<String>) -> Result<bool, Problem> {
    in_turn(move |memory| {
        let is_somebodys = kept.is_some();
        let kept = PasswordHash::new(kept.as_deref().unwrap_or(NOBODYS))?;
        let params = Params::try_from(&kept)?;
        let salt: &[u8] = kept.salt.as_ref().map_or(&[], AsRef::as_ref);
        let output = digest(&password, salt, &params, memory)?;
        // Compared in the same time wherever they differ.
        Ok(kept.hash == Some(output) && is_somebodys)
    })
    .await
}

fn digest(
    password: &str,
    salt: &[u8],
    params: &Params,
    memory: &mut Vec<Block>,
) -> argon2::password_hash::Result<Output> {
    memory.resize(params.block_count(), Block::new());
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory)?;
    Ok(Output::new(&output)?)
}

async fn in_turn<T: Send + 'static>(
    work: impl FnOnce(&mut Vec<Block>) -> argon2::password_hash::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let (done, answer) = oneshot::channel();
    let unless_given_up = move |memory: &mut Vec<Block>| {
        if !done.is_closed() {
            // Given up in the last moment: nobody wants to know.
            let _ = done.send(work(memory));
        }
    };
    HASHER
        .send(Box::new(unless_given_up))
        .map_err(|_| Problem::internal(std::io::Error::other("no thread hashes passwords")))?;
    answer
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_no_other_is() {
        let kept = hash("correct horse".to_owned()).await.unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert_ne!(kept, hash("correct horse".to_owned()).await.unwrap());
        let tried = |password: &str| verify(password.to_owned(), Some(kept.clone()));
        assert!(tried("correct horse").await.unwrap());
        assert!(!tried("correct horsE").await.unwrap());
        assert!(!verify(String::new(), None).await.unwrap());
    }

    #[tokio::test]
    async fn nobodys_hash_costs_as_much_as_somebodys() {
        let cost = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            let lengths = (hash.salt.unwrap().len(), hash.hash.unwrap().len());
            (hash.algorithm, hash.version, hash.params, lengths)
        };
        let somebodys = hash("correct horse".to_owned()).await.unwrap();
        assert_eq!(cost(NOBODYS), cost(&somebodys));
    }
}
