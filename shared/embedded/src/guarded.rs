//! A server behind a small shell that guards it: it ends with us, however we end. Knows nothing of what is served.

use std::fs::OpenOptions;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::Error;

const START_LIMIT: Duration = Duration::from_secs(30);
const STOP_LIMIT: Duration = Duration::from_secs(15);
/// How often a starting server is asked whether it is up.
const ASK_EVERY: Duration = Duration::from_millis(10);
/// A free port may be taken by somebody else before the server binds it.
pub(crate) const PORT_ATTEMPTS: usize = 5;

/// A running guard. Its standard input, if it has one, is our end of the line: closed, the server ends.
#[derive(Debug)]
pub(crate) struct Guarded {
    guard: Child,
    server: &'static str,
    log: PathBuf,
}

impl Guarded {
    /// Starts the guard, which says everything into `log`. `server` is what errors call it.
    pub fn spawn(command: &mut Command, server: &'static str, log: &Path) -> Result<Self, Error> {
        let output = OpenOptions::new().create(true).append(true).open(log);
        let output = output.map_err(Error::folder(log))?;
        let errors = output.try_clone().map_err(Error::folder(log))?;
        // Ctrl-C at the terminal is for us; the server is told when the others are done with it.
        let guard = command
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(Error::folder(log))?;
        Ok(Self {
            guard,
            server,
            log: log.to_owned(),
        })
    }

    /// Waits until the server is up.
    pub async fn until<F: Future<Output = bool>>(
        &mut self,
        is_up: impl Fn() -> F,
    ) -> Result<(), Error> {
        let deadline = Instant::now() + START_LIMIT;
        while !is_up().await {
            if let Ok(Some(status)) = self.guard.try_wait() {
                return Err(Error::Ended {
                    server: self.server,
                    status: status.to_string(),
                    log: self.log.clone(),
                });
            }
            if Instant::now() > deadline {
                return Err(Error::Silent {
                    server: self.server,
                    limit: START_LIMIT,
                    log: self.log.clone(),
                });
            }
            sleep(ASK_EVERY).await;
        }
        Ok(())
    }

    /// Whether the server is still there.
    pub fn is_running(&mut self) -> bool {
        matches!(self.guard.try_wait(), Ok(None))
    }

    /// Tells the server to end and waits until it is gone.
    pub async fn stop(mut self) -> Result<(), Error> {
        drop(self.guard.stdin.take());
        if timeout(STOP_LIMIT, self.guard.wait()).await.is_ok() {
            return Ok(());
        }
        // The guard's death is the server's end too, with its state saved or not.
        let _ = self.guard.kill().await;
        Err(Error::Stuck {
            server: self.server,
            limit: STOP_LIMIT,
        })
    }
}

/// A port that nobody has at this moment.
pub(crate) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
