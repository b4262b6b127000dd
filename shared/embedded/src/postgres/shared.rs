//! One fast, forgetful server for all test processes of a user. Whoever holds `users.lock` (shared) is a user of it;
//! the kernel lets go of the lock when a process ends, however it ends. Within seconds of the last one the server's
//! guard takes the lock for itself and stops the server; the cluster stays for the next run.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use super::server::{self, Lives};
use crate::Error;

/// The right to use the shared server; it may stop once all of these are gone.
#[derive(Debug)]
pub struct SharedPostgres {
    url: String,
    _users: File,
}

impl SharedPostgres {
    /// Through the socket, to a database that nobody should fill: make one beside it.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Starts the server unless it runs, and keeps it running while the answer lives.
pub async fn shared(data: &Path) -> Result<SharedPostgres, Error> {
    fs::create_dir_all(data).map_err(Error::folder(data))?;
    let data = fs::canonicalize(data).map_err(Error::folder(data))?;
    let users = open(&data.join("users.lock"))?;
    let start = exclusive(open(&data.join("start.lock"))?)
        .await
        .map_err(Error::folder(&data))?;
    users.lock_shared().map_err(Error::folder(&data))?;
    if !answers(&data) && server::start(&data, Lives::Users).await.is_err() {
        // Without fsync a crash of the machine leaves rubbish; there is nothing in it that anybody needs.
        let folder = data.join("postgres");
        fs::remove_dir_all(&folder).map_err(Error::folder(&folder))?;
        server::start(&data, Lives::Users).await?;
    }
    drop(start);
    let port = server::last_port(&data).unwrap_or_default();
    Ok(SharedPostgres {
        url: server::url(&data, port),
        _users: users,
    })
}

/// Waits off the runtime: whoever holds the lock may need the very thread we are on.
async fn exclusive(file: File) -> io::Result<File> {
    let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file));
    locked.await.map_err(io::Error::other)?
}

fn answers(data: &Path) -> bool {
    server::last_port(data).is_some_and(|port| server::is_ready(data, port))
}

fn open(file: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .map_err(Error::folder(file))
}
