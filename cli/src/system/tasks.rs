//! What runs in this process around given services: the API, workers and schedules. Who looks after the services does
//! not matter here.

use std::future::Future;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use leito_http::serve::Listener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::parts::Shared;
use super::schedules;
use super::workers::{self, Workers};
use crate::backup::Regular;

/// The running parts.
pub struct Tasks {
    shared: Shared,
    running: JoinSet<Result<()>>,
    stop: CancellationToken,
}

impl Tasks {
    /// Starts all of them; the workers make their folders below `work`.
    pub fn start(shared: Shared, listener: Listener, which: Workers, work: &Path) -> Self {
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        let serving = listener.serve(shared.router(), stop.clone().cancelled_owned());
        running.spawn(async move { serving.await.context("the HTTP API stopped") });
        let (sockets, ended) = (shared.sockets.clone(), stop.clone());
        running.spawn(async move {
            sockets.run(ended).await;
            Ok(())
        });
        workers::spawn(&mut running, &shared, which, work, &stop);
        schedules::spawn(&mut running, &shared, &stop);
        Self {
            shared,
            running,
            stop,
        }
    }

    /// Backs up regularly from now on, if that is wanted.
    pub fn back_up(&mut self, database_url: &str, regular: &Regular) {
        if let Some(to) = regular.to.clone() {
            let (running, stop) = (&mut self.running, &self.stop);
            schedules::spawn_backups(running, &self.shared, database_url, (to, regular), stop);
        }
    }

    /// Waits for `order`; a part that ends before that is an error.
    pub async fn ended_before(&mut self, order: impl Future<Output = ()>) -> Result<()> {
        tokio::select! {
            () = order => Ok(()),
            ended = self.running.join_next() => match ended {
                Some(ended) => ended?.and(Err(anyhow!("a part of Leito ended by itself"))),
                None => Ok(()),
            },
        }
    }

    /// Stops taking work, gives running jobs back, and lets go of the services.
    pub async fn stop(mut self) -> Result<()> {
        self.stop.cancel();
        while let Some(ended) = self.running.join_next().await {
            if let Err(error) = ended? {
                tracing::error!("{error:#}");
            }
        }
        if let Err(error) = self.shared.app.traffic.write(&self.shared.app.store).await {
            tracing::warn!(%error, "the requests of the last minute are not in the usage statistics");
        }
        self.shared.close();
        Ok(())
    }
}
