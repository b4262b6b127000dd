//! The clients that all parts share, and the one router over all functions.

use anyhow::Result;
use axum::Router;
use embedded::postgres::Postgres;
use leito_http::{App, Routes, Tokens};
use live::local::Gateway;
use objects::Objects;
use queue::Queue;
use runtime::{Machine, Settings};
use store::Store;
use worker::Parts;

use super::account;
use crate::Place;
use crate::folder::DataFolder;

/// Connections to the Postgres beside us. It shares this machine's cores, and more of its processes than can run push each
/// other out of the caches; far below what it takes, which others may want too.
fn connections(cores: usize) -> usize {
    (4 * cores).min(30)
}

/// What routers, workers and schedules work with.
pub struct Shared {
    pub app: App,
    /// The WebSockets of this process.
    pub sockets: Gateway,
    pub cores: usize,
}

impl Shared {
    /// Connects to the children.
    pub async fn connect(
        folder: &DataFolder,
        postgres: &Postgres,
        queues: &queue::Settings,
        objects: &objects::Settings,
        place: &Place,
    ) -> Result<Self> {
        let mut machine = Machine::detect();
        let store = Store::connect(&store::Settings {
            pool_size: connections(usize::try_from(machine.cores)?),
            max_overflow: 0,
            ..store::Settings::new(postgres.url())
        })?;
        let (queue, objects) = tokio::join!(Queue::connect(queues), Objects::connect(objects));
        machine.cores = place.cores.unwrap_or(machine.cores);
        let tokens = Tokens::new(&account::token_secret(folder)?);
        let app = App::new(store, queue, objects, tokens)
            .planning_for(machine)
            .taking(runtime::Uploads::from_env()?);
        Self::around(&app, machine)
    }

    /// Connects to services elsewhere.
    pub async fn from_settings(settings: &Settings) -> Result<Self> {
        Self::around(&App::from_settings(settings).await?, settings.machine)
    }

    /// Whatever writes job events here tells those who watch through the sockets of this process.
    fn around(app: &App, machine: Machine) -> Result<Self> {
        let sockets = Gateway::new(app);
        Ok(Self {
            app: sockets.app().clone(),
            sockets,
            cores: usize::try_from(machine.cores)?,
        })
    }

    /// Ends the leases of a former self that was killed. Nobody else can hold one: the data folder is locked by this
    /// process. The first sweep puts the jobs back, so that nobody waits a minute for a worker that is dead.
    pub async fn take_over(&self) -> Result<()> {
        let client = self.app.store.client().await?;
        let left = store::jobs::end_leases(&client).await?;
        if left > 0 {
            tracing::warn!(jobs = left, "running jobs of a killed process are put back");
        }
        Ok(())
    }

    /// The services of a worker.
    pub fn parts(&self) -> Parts {
        Parts {
            store: self.app.store.clone(),
            queue: self.app.queue.clone(),
            objects: self.app.objects.clone(),
            ids: self.app.ids.clone(),
            live: self.app.live.clone(),
        }
    }

    /// Every function's routes behind one listener.
    pub fn router(&self) -> Router {
        let routes = accounts::router()
            .merge(projects::router())
            .merge(beds::router())
            .merge(simulations::router())
            .merge(jobs::router())
            .merge(submissions::router())
            .merge(fileshare::router())
            .merge(dashboards::router())
            .merge(usage::router())
            .merge(health::router());
        let routes = Routes::from(routes).at_root(fileshare::public());
        leito_http::service(routes, self.app.clone()).merge(self.sockets.router())
    }

    /// Closes the connections to Postgres.
    pub fn close(&self) {
        self.app.store.close();
    }
}
