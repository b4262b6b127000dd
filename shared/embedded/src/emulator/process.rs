//! Starting the emulator, knowing that it is ours and healthy, and ending it so that its state is kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::Error;
use crate::guarded::{Guarded, PORT_ATTEMPTS, free_port};

const GUARD: &str = include_str!("guard.sh");

/// Tells apart the emulators this process started.
static STARTS: AtomicU32 = AtomicU32::new(0);

/// What runs where.
#[derive(Clone, Debug)]
pub struct EmulatorSettings {
    /// The emulator's program: `<private environment>/bin/ministack`.
    pub program: PathBuf,
    /// Folder for its state, objects, log and lock; made when absent.
    pub data: PathBuf,
    /// Whether the folder stays when the emulator ends, which is the point except in tests.
    pub keep: bool,
    /// Port on 127.0.0.1; any free one when absent.
    pub port: Option<u16>,
    /// Further variables of the emulator's own documentation.
    pub env: Vec<(String, String)>,
}

/// A running emulator. Dropping it, or dying, ends it in the background; [`Emulator::stop`] waits for the end.
#[derive(Debug)]
pub struct Emulator {
    guard: Guarded,
    endpoint_url: String,
}

impl Emulator {
    /// Starts the emulator and waits until it answers.
    pub async fn start(settings: &EmulatorSettings) -> Result<Self, Error> {
        if !settings.program.exists() {
            return Err(Error::NoEmulator {
                program: settings.program.clone(),
            });
        }
        fs::create_dir_all(&settings.data).map_err(Error::folder(&settings.data))?;
        if let Some(port) = settings.port {
            return Self::start_on(settings, port).await;
        }
        let mut attempt = 1;
        loop {
            let port = free_port().map_err(Error::folder(&settings.data))?;
            match Self::start_on(settings, port).await {
                Err(Error::Ended { .. }) if attempt < PORT_ATTEMPTS => attempt += 1,
                ended => return ended,
            }
        }
    }

    /// `http://127.0.0.1:<port>`.
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// Whether the process is still there.
    pub fn is_running(&mut self) -> bool {
        self.guard.is_running()
    }

    /// Ends the emulator, letting it save its queues, and waits until it is gone.
    pub async fn stop(self) -> Result<(), Error> {
        self.guard.stop().await
    }

    async fn start_on(settings: &EmulatorSettings, port: u16) -> Result<Self, Error> {
        let log = settings.data.join("emulator.log");
        // The health answer repeats this word: an answer without it is somebody else's emulator.
        let start = STARTS.fetch_add(1, Ordering::Relaxed);
        let word = format!("leito-{}-{start}", std::process::id());
        let mut guard = spawn(settings, port, &word, &log)?;
        guard.until(|| is_up(port, &word)).await?;
        Ok(Self {
            guard,
            endpoint_url: format!("http://127.0.0.1:{port}"),
        })
    }
}

fn spawn(settings: &EmulatorSettings, port: u16, word: &str, log: &Path) -> Result<Guarded, Error> {
    let data = fs::canonicalize(&settings.data).map_err(Error::folder(&settings.data))?;
    let mut command = Command::new("sh");
    command
        .args(["-c", GUARD, "leito-emulator"])
        .arg(&data)
        .arg(if settings.keep { "keep" } else { "remove" })
        .arg(&settings.program)
        .env_clear()
        .env(
            "PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        )
        .env("HOME", &data)
        .env("TMPDIR", &data)
        .env("PYTHONUNBUFFERED", "1")
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .env("MINISTACK_EDITION", word)
        .env("PERSIST_STATE", "1")
        .env("STATE_DIR", data.join("state"))
        .env("S3_PERSIST", "1")
        .env("S3_DATA_DIR", data.join("objects"))
        .env("LAMBDA_EXECUTOR", "local")
        .env("LOG_LEVEL", "WARNING")
        .envs(settings.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped());
    Guarded::spawn(&mut command, "the AWS emulator", log)
}

/// One health request, spoken by hand: no HTTP client for a single GET.
async fn is_up(port: u16, word: &str) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let request =
            "GET /_ministack/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    match timeout(Duration::from_secs(2), ask).await {
        Ok(Ok(answer)) => answer.starts_with("HTTP/1.1 200") && answer.contains(word),
        _ => false,
    }
}
