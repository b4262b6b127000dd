//! A migrated Postgres database for every test: a copy of a template, dropped when the test is done with it.
//! One fast server serves all test processes of a user at once; it stops by itself seconds after the last one.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use embedded::postgres::{SharedPostgres, shared};
use store::{Settings, Store, databases, projects, users};
use tokio::sync::OnceCell;

use crate::rows;

static SERVER: OnceCell<SharedPostgres> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database that no other test sees.
#[derive(Debug)]
pub struct Database {
    url: String,
    name: String,
    server_url: String,
    store: Store,
}

/// A fresh database with every migration applied.
pub async fn database() -> Database {
    let server_url = SERVER.get_or_init(server).await.url().to_owned();
    let template = template(&server_url).await;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}", std::process::id());
    databases::drop(&server_url, &name)
        .await
        .expect("what a test of the same number left is dropped");
    databases::create(&server_url, &name, Some(&template))
        .await
        .expect("the template is copied");
    let url = databases::sibling(&server_url, &name).expect("the server's URL has a database");
    let store = Store::connect(&Settings {
        pool_size: 4,
        max_overflow: 4,
        ..Settings::new(&url)
    });
    Database {
        store: store.expect("the URL is good"),
        url,
        name,
        server_url,
    }
}

/// A fresh database without any table.
pub async fn empty_database() -> Database {
    let database = database().await;
    databases::drop(&database.server_url, &database.name)
        .await
        .expect("the copy is dropped");
    databases::create(&database.server_url, &database.name, None)
        .await
        .expect("an empty one takes its place");
    database
}

impl Database {
    /// How another process reaches it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A small pool of connections to it.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.store.close();
        let (server_url, name) = (self.server_url.clone(), self.name.clone());
        // A runtime of its own: the test's may be ending, and a drop cannot wait on it.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime
                .block_on(databases::drop(&server_url, &name))
                .map_err(std::io::Error::other)
        });
        // A database left behind is dropped by the next test of the same number, so failure is no news.
        let _ = dropping.join();
    }
}

/// Folder of the shared server: short because of its socket, one a user because of its owner.
fn folder() -> PathBuf {
    let home = std::fs::metadata("/proc/self").expect("this is Linux");
    let user = std::os::unix::fs::MetadataExt::uid(&home);
    std::env::temp_dir().join(format!("leito-test-postgres-{user}"))
}

async fn server() -> SharedPostgres {
    shared(&folder())
        .await
        .expect("the test server starts; ./dev setup installs Postgres")
}

/// Writes the rows that every test finds into a migrated database: somebody with a project.
///
/// # Panics
/// When the database refuses them.
pub async fn settle(url: &str) {
    let store = Store::connect(&Settings::new(url)).expect("the URL is good");
    let mut client = store.client().await.expect("the server answers");
    let tx = client.transaction().await.expect("a transaction begins");
    let user = users::insert(&tx, &rows::user(rows::USER)).await;
    user.expect("the account is stored");
    let project = projects::insert(&tx, &rows::project(rows::PROJECT, rows::USER)).await;
    project.expect("the project is stored");
    tx.commit().await.expect("both are committed");
    drop(client);
    store.close();
}

/// The template for exactly these migrations, made by whichever test process comes first.
async fn template(server_url: &str) -> String {
    let name = format!("template_{}", store::migrations_fingerprint());
    if databases::exists(server_url, &name)
        .await
        .expect("the server answers")
    {
        return name;
    }
    let lock = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder().join("template.lock"));
    let lock = lock.expect("the lock file can be made");
    let _held = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock))
        .await
        .expect("the lock is free soon");
    if !databases::exists(server_url, &name)
        .await
        .expect("the server answers")
    {
        let unfinished = format!("{name}_new");
        databases::drop(server_url, &unfinished)
            .await
            .expect("a half-made template is dropped");
        databases::create(server_url, &unfinished, None)
            .await
            .expect("an empty database is made");
        let url =
            databases::sibling(server_url, &unfinished).expect("the server's URL has a database");
        store::migrate(&url).await.expect("the migrations apply");
        settle(&url).await;
        databases::rename(server_url, &unfinished, &name)
            .await
            .expect("the template gets its name");
    }
    name
}
