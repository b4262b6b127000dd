//! Ctrl-C and the polite kill, seen by everything that has to stop.

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Cancelled by the first SIGINT or SIGTERM. The second one ends the process at once; its children die with it.
pub fn on_signal() -> Result<CancellationToken> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! { _ = interrupted.recv() => {}, _ = terminated.recv() => {} }
            if told.is_cancelled() {
                std::process::exit(crate::exit::INTERRUPTED.into());
            }
            told.cancel();
        }
    });
    Ok(stop)
}
