//! The body of a worker's `main`: the parts that the environment describes, one handler, and an end when told to stop.

use runtime::Settings;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use worker::{Handler, Parts, Worker};

use crate::Error;

/// Works on the handler's jobs until SIGTERM or SIGINT, then gives back what is running.
pub async fn serve<H: Handler>(
    settings: &Settings,
    handler: impl FnOnce(&Parts) -> H,
) -> Result<(), Error> {
    let cores = usize::try_from(settings.machine.cores).unwrap_or(1);
    let how = worker::Settings::new(&settings.work_dir, cores);
    let worker = worker(settings, how, handler).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let shutdown = CancellationToken::new();
    let told = async {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        shutdown.cancel();
    };
    tokio::join!(worker.run(shutdown.clone()), told);
    Ok(())
}

/// A worker on the services that the environment describes, behaving like that.
pub(crate) async fn worker<H: Handler>(
    settings: &Settings,
    how: worker::Settings,
    handler: impl FnOnce(&Parts) -> H,
) -> Result<Worker<H>, Error> {
    let parts = Parts::from_settings(settings).await?;
    let handler = handler(&parts);
    Ok(Worker::new(parts, handler, how))
}
