//! The whole of Leito in this process: Postgres and the emulator as children, and around them the same routers,
//! workers and schedules that run apart in the cloud.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use anyhow::{Context, Result};
use embedded::emulator::{Emulator, EmulatorSettings, Resources};
use embedded::postgres::{Postgres, PostgresSettings};
use leito_http::serve::Listener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

mod account;
pub mod direct;
mod log;
mod parts;
mod schedules;
mod workers;

use crate::Place;
use crate::backup::Regular;
use crate::folder::{DataFolder, Held, Running};
use parts::Shared;

/// A running system. [`System::stop`] ends it in order; dropped or killed, its children end all the same.
pub struct System {
    address: String,
    key: String,
    stop: CancellationToken,
    tasks: JoinSet<Result<()>>,
    shared: Shared,
    emulator: Emulator,
    postgres: Postgres,
    _held: Held,
}

impl System {
    /// Starts everything on the data folder; it listens on `listen`, or on any free port of this machine.
    pub async fn start(
        folder: &DataFolder,
        place: &Place,
        listen: Option<SocketAddr>,
    ) -> Result<Self> {
        let begun = Instant::now();
        let held = folder.hold()?;
        log::to_file(&folder.path().join("leito.log"), &place.log)?;
        // An address that cannot be had is told before anything is started.
        let listener = Listener::bind(listen.unwrap_or((Ipv4Addr::LOCALHOST, 0).into())).await?;
        let (postgres, emulator) = children(folder, place).await?;
        // Boxed: making the clients of the AWS SDK takes tens of kilobytes of state.
        let (queues, objects) = Box::pin(prepare(&postgres, &emulator)).await?;
        let shared = Box::pin(Shared::connect(folder, &postgres, &queues, &objects, place)).await?;
        shared.take_over().await?;
        let key = account::key(&shared.app.store, shared.app.ids.as_ref(), folder).await?;

        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let address = format!("http://{}", listener.address());
        let serving = listener.serve(shared.router(), stop.clone().cancelled_owned());
        tasks.spawn(async move { serving.await.context("the HTTP API stopped") });
        workers::spawn(&mut tasks, &shared, &folder.path().join("work"), &stop);
        schedules::spawn(&mut tasks, &shared, &stop);

        held.announce(&Running {
            address: address.clone(),
            pid: std::process::id(),
            database_url: Some(postgres.url().to_owned()),
            endpoint_url: Some(emulator.endpoint_url().to_owned()),
        })?;
        tracing::info!(address, start_ms = begun.elapsed().as_millis(), "ready");
        Ok(Self {
            address,
            key,
            stop,
            tasks,
            shared,
            emulator,
            postgres,
            _held: held,
        })
    }

    /// Backs up regularly from now on, if that is wanted.
    pub fn back_up(&mut self, regular: &Regular) {
        if let Some(to) = regular.to.clone() {
            let (url, tasks) = (self.postgres.url(), &mut self.tasks);
            schedules::spawn_backups(tasks, &self.shared, url, (to, regular), &self.stop);
        }
    }

    /// Where the API is: `http://127.0.0.1:8080`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The key of this machine's own account.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Waits for `order`; a part that ends before that is an error.
    pub async fn ended_before(&mut self, order: impl Future<Output = ()>) -> Result<()> {
        tokio::select! {
            () = order => Ok(()),
            ended = self.tasks.join_next() => match ended {
                Some(ended) => ended?.and(Err(anyhow::anyhow!("a part of Leito ended by itself"))),
                None => Ok(()),
            },
        }
    }

    /// Stops taking work, gives running jobs back, and ends the children, the database last.
    pub async fn stop(mut self) -> Result<()> {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended? {
                tracing::error!("{error:#}");
            }
        }
        if let Err(error) = self.shared.app.traffic.write(&self.shared.app.store).await {
            tracing::warn!(%error, "the requests of the last minute are not in the usage statistics");
        }
        self.shared.close();
        let emulator = self.emulator.stop().await;
        let postgres = self.postgres.stop().await;
        tracing::info!("stopped");
        emulator
            .and(postgres)
            .context("Leito stopped, but not as it should")
    }
}

/// Starts both at once; where one cannot be, the other is ended before the error is told.
async fn children(folder: &DataFolder, place: &Place) -> Result<(Postgres, Emulator)> {
    let postgres = PostgresSettings {
        data: folder.path().join("database"),
    };
    let emulator = EmulatorSettings {
        program: place
            .emulator
            .clone()
            .unwrap_or_else(|| folder.path().join("emulator/bin/ministack")),
        data: folder.path().join("cloud"),
        port: None,
        keep: true,
        env: Vec::new(),
    };
    match tokio::join!(Postgres::start(&postgres), Emulator::start(&emulator)) {
        (Ok(postgres), Ok(emulator)) => Ok((postgres, emulator)),
        (Ok(postgres), Err(error)) => {
            postgres.stop().await?;
            Err(error.into())
        }
        (Err(error), Ok(emulator)) => {
            emulator.stop().await?;
            Err(error.into())
        }
        (Err(error), Err(_)) => Err(error.into()),
    }
}

/// Tables, queues and bucket, made or brought up to date.
async fn prepare(
    postgres: &Postgres,
    emulator: &Emulator,
) -> Result<(queue::Settings, objects::Settings)> {
    let tables = async {
        store::migrate(postgres.url())
            .await
            .context("cannot bring the database up to date")
    };
    let resources = Resources::default();
    let cloud = async {
        resources
            .ensure(emulator.endpoint_url())
            .await
            .context("cannot prepare the emulator")
    };
    let (_, settings) = tokio::try_join!(tables, cloud)?;
    Ok(settings)
}
