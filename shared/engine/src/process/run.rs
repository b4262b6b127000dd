//! A process under way: following it, asking it to end, killing what is left.

use std::io;
use std::time::Duration;

use rustix::process::Signal;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;
use tokio::process::Child;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::Limits;
use super::failure::Ending;
use super::family::Family;
use super::log::Log;

/// Most that is read at once.
const READ_BYTES: usize = 16 * 1024;

/// A run under way.
pub(super) struct Run<'a> {
    pub(super) child: Child,
    pub(super) output: Output,
    pub(super) log: Log,
    pub(super) family: Family,
    pub(super) listener: &'a mut (dyn FnMut(&str) + Send),
}

impl Run<'_> {
    /// Until the first process ends or something ends it.
    pub(super) async fn follow(
        &mut self,
        limits: &Limits,
        started: Instant,
        cancel: &CancellationToken,
    ) -> Ending {
        let mut heard = started;
        loop {
            tokio::select! {
                () = cancel.cancelled() => return Ending::Cancelled,
                () = sleep_until(started + limits.total) => return Ending::TimedOut,
                () = sleep_until(heard + limits.silence) => return Ending::Silent,
                status = self.child.wait() => return status.map_or_else(Ending::Log, Ending::Exited),
                read = listen(&mut self.output, &mut self.log, self.listener) => match read {
                    Ok(()) => heard = Instant::now(),
                    Err(error) => return Ending::Log(error),
                },
            }
        }
    }

    /// Asks everyone to end and listens on until they did or the time is up.
    pub(super) async fn terminate(&mut self, grace: Duration) {
        self.family.signal(Signal::TERM);
        let until = Instant::now() + grace;
        while Instant::now() < until && !self.family.members().is_empty() {
            tokio::select! {
                () = sleep(Duration::from_millis(20)) => (),
                // a log that cannot be written changes nothing any more
                _heard = listen(&mut self.output, &mut self.log, self.listener) => (),
            }
        }
    }

    /// Kills whoever is left and hears what is left.
    pub(super) async fn finish(&mut self) {
        self.family.kill().await;
        let _reaped = timeout(Duration::from_secs(10), self.child.wait()).await;
        let rest = async {
            while self.output.pipe.is_some() {
                if listen(&mut self.output, &mut self.log, self.listener)
                    .await
                    .is_err()
                {
                    return;
                }
            }
        };
        // nobody is left to write: only a process that fell out of the family could hold the pipe open
        let _ended = timeout(Duration::from_secs(1), rest).await;
        self.log.finish(self.listener);
    }
}

/// Both outputs of the process.
pub(super) struct Output {
    /// `None` after its end.
    pipe: Option<Receiver>,
    buffer: Vec<u8>,
}

impl Output {
    pub(super) fn new(pipe: Receiver) -> Self {
        Self {
            pipe: Some(pipe),
            buffer: vec![0; READ_BYTES],
        }
    }
}

/// One read of output into the log; waits for ever once the output has ended.
async fn listen(
    output: &mut Output,
    log: &mut Log,
    listener: &mut (dyn FnMut(&str) + Send),
) -> io::Result<()> {
    let Some(pipe) = &mut output.pipe else {
        return std::future::pending().await;
    };
    let read = pipe.read(&mut output.buffer).await?;
    if read == 0 {
        output.pipe = None;
        return Ok(());
    }
    log.take(&output.buffer[..read], listener)
}
