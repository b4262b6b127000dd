//! Starting the server, knowing that it is ready, and stopping it.

use std::fs;
use std::future::ready;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::binaries;
use super::cluster::{Cluster, NAME};
use super::owner::Owner;
use crate::Error;
use crate::guarded::{Guarded, PORT_ATTEMPTS, free_port};

const GUARD: &str = include_str!("guard.sh");
/// Longest socket path Linux takes is 107 bytes; the socket's own name needs 20.
const LONGEST_FOLDER: usize = 85;

/// Small enough for a laptop; work happens in the engines, not here.
const MODEST: &[&str] = &[
    "shared_buffers=32MB",
    "max_connections=100",
    "jit=off",
    "max_wal_size=256MB",
    "timezone=UTC",
    // a new system has its first statistics, and so lists that walk their indexes, within seconds
    "autovacuum_naptime=10s",
];
/// Nothing survives a crash of the machine: for tests only.
const FAST: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
];

/// What runs where.
#[derive(Debug, Clone)]
pub struct PostgresSettings {
    /// Folder for the cluster, its log, lock and password; made when absent. At most 85 bytes long, because the
    /// socket is in it.
    pub data: PathBuf,
}

/// A running server. Dropping it, or dying, ends it in the background; [`Postgres::stop`] waits for the end.
#[derive(Debug)]
pub struct Postgres {
    guard: Guarded,
    url: String,
    tcp_url: String,
}

/// Whose life the server's depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lives {
    /// Ours.
    Parent,
    /// That of everybody who holds `users.lock`.
    Users,
}

impl Postgres {
    /// Starts the server, making the cluster first if there is none, and waits until it accepts connections.
    pub async fn start(settings: &PostgresSettings) -> Result<Self, Error> {
        start(&settings.data, Lives::Parent).await
    }

    /// Through the socket: for this user's programs. The same after a restart, unless its port was taken meanwhile.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Over loopback, with the password: for programs that cannot use the socket.
    pub fn tcp_url(&self) -> &str {
        &self.tcp_url
    }

    /// Whether the server is still there.
    pub fn is_running(&mut self) -> bool {
        self.guard.is_running()
    }

    /// Ends all connections and the server, and waits until it is gone.
    pub async fn stop(self) -> Result<(), Error> {
        self.guard.stop().await
    }
}

pub(super) async fn start(data: &Path, lives: Lives) -> Result<Postgres, Error> {
    fs::create_dir_all(data).map_err(Error::folder(data))?;
    let data = fs::canonicalize(data).map_err(Error::folder(data))?;
    if data.as_os_str().len() > LONGEST_FOLDER {
        return Err(Error::FolderTooLong {
            path: data,
            longest: LONGEST_FOLDER,
        });
    }
    let (binaries, owner) = (binaries::find()?, Owner::find()?);
    let cluster = Cluster {
        binaries: &binaries,
        owner: &owner,
        data: &data,
    };
    cluster.ensure()?;
    // The port is part of the socket's name too: with the last one again, addresses survive a restart.
    let mut port = last_port(&data).map_or_else(|| any_port(&data), Ok)?;
    let mut attempt = 1;
    loop {
        match start_on(&cluster, port, lives).await {
            Err(Error::Ended { .. }) if attempt < PORT_ATTEMPTS => attempt += 1,
            ended => return ended,
        }
        port = any_port(&data)?;
    }
}

fn any_port(data: &Path) -> Result<u16, Error> {
    free_port().map_err(Error::folder(data))
}

/// The port of the last start that went well.
pub(super) fn last_port(data: &Path) -> Option<u16> {
    fs::read_to_string(data.join("postgres.port"))
        .ok()?
        .parse()
        .ok()
}

async fn start_on(cluster: &Cluster<'_>, port: u16, lives: Lives) -> Result<Postgres, Error> {
    let log = cluster.data.join("postgres.log");
    let mut guard = spawn(cluster, port, lives, &log)?;
    guard.until(|| ready(is_ready(cluster.data, port))).await?;
    let file = cluster.data.join("postgres.port");
    fs::write(&file, port.to_string()).map_err(Error::folder(&file))?;
    Ok(Postgres {
        guard,
        url: url(cluster.data, port),
        tcp_url: format!(
            "postgres://{NAME}:{}@127.0.0.1:{port}/{NAME}",
            cluster.password()?
        ),
    })
}

/// The server's own word in its status file, as its own tools read it, and somebody behind the socket: a server that
/// was killed leaves its last word behind.
pub(super) fn is_ready(data: &Path, port: u16) -> bool {
    let folder = data.join("postgres");
    let status = fs::read_to_string(folder.join("postmaster.pid")).unwrap_or_default();
    let lines: Vec<&str> = status.lines().map(str::trim).collect();
    lines.get(3) == Some(&port.to_string().as_str())
        && lines.get(7) == Some(&"ready")
        && UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).is_ok()
}

pub(super) fn url(data: &Path, port: u16) -> String {
    let folder = data.join("postgres");
    let host: String = folder.to_string_lossy().bytes().map(escaped).collect();
    format!("postgres://{NAME}@/{NAME}?host={host}&port={port}")
}

fn escaped(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}

fn spawn(cluster: &Cluster<'_>, port: u16, lives: Lives, log: &Path) -> Result<Guarded, Error> {
    let folder = cluster.folder();
    let fast = if lives == Lives::Users { FAST } else { &[] };
    let mut command = Command::new("sh");
    command
        .args(["-c", GUARD, "leito-postgres"])
        .arg(cluster.data);
    command.arg(if lives == Lives::Users {
        "users"
    } else {
        "parent"
    });
    command
        .args(cluster.owner.run_as(&folder))
        .arg(cluster.binaries.join("postgres"))
        .arg("-D")
        .arg(&folder);
    command.args([
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_permissions=0700",
        "-p",
        &port.to_string(),
    ]);
    command
        .arg("-c")
        .arg(format!("unix_socket_directories={}", folder.display()));
    command.args(
        MODEST
            .iter()
            .chain(fast)
            .flat_map(|setting| ["-c", setting]),
    );
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .current_dir("/");
    command.stdin(if lives == Lives::Users {
        Stdio::null()
    } else {
        Stdio::piped()
    });
    Guarded::spawn(&mut command, "Postgres", log)
}
