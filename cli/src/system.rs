//! The whole of Leito in this process: the same routers, workers and schedules that run apart in the cloud, around
//! Postgres and the emulator as children ([`System`]) or services elsewhere ([`serve`]).

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use anyhow::{Context, Result};
use embedded::emulator::{Emulator, EmulatorSettings, Resources};
use embedded::postgres::{Postgres, PostgresSettings};
use leito_http::serve::Listener;
use runtime::Settings;

mod account;
pub mod direct;
mod log;
mod parts;
mod schedules;
mod tasks;
mod workers;

use crate::Place;
use crate::backup::Regular;
use crate::folder::{DataFolder, Held, Running};
use parts::Shared;
use tasks::Tasks;
pub use workers::Workers;

/// A running system. [`System::stop`] ends it in order; dropped or killed, its children end all the same.
pub struct System {
    address: String,
    key: String,
    tasks: Tasks,
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

        let address = format!("http://{}", listener.address());
        let work = folder.path().join("work");
        let tasks = Tasks::start(shared, listener, Workers::All, &work);

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
            tasks,
            emulator,
            postgres,
            _held: held,
        })
    }

    /// Backs up regularly from now on, if that is wanted.
    pub fn back_up(&mut self, regular: &Regular) {
        self.tasks.back_up(self.postgres.url(), regular);
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
        self.tasks.ended_before(order).await
    }

    /// Stops taking work, gives running jobs back, and ends the children, the database last.
    pub async fn stop(self) -> Result<()> {
        let tasks = self.tasks.stop().await;
        let emulator = self.emulator.stop().await;
        let postgres = self.postgres.stop().await;
        tracing::info!("stopped");
        let children = emulator.and(postgres);
        tasks
            .and(children.map_err(Into::into))
            .context("Leito stopped, but not as it should")
    }
}

/// The API, schedules and the workers that are wanted, on the services that the environment describes.
pub async fn serve(settings: &Settings, listener: Listener, which: Workers) -> Result<Tasks> {
    let shared = Box::pin(Shared::from_settings(settings)).await?;
    Ok(Tasks::start(shared, listener, which, &settings.work_dir))
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
