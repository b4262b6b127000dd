//! What every handler works with.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use objects::Objects;
use push::Live;
use queue::Queue;
use runtime::{Settings, SharedClock, SharedIds, SystemClock, SystemIds, Uploads};
use store::{Client, Store};
use tracing::warn;
use worker::Parts;

use crate::{Downloads, Error, Sessions, Tokens, Traffic};

/// The state of all functions. A request is handed copies of it by the dozen, so a copy is a pointer. A change, which is
/// made before anything is served, leaves other copies as they are.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}

impl DerefMut for App {
    fn deref_mut(&mut self) -> &mut AppParts {
        Arc::make_mut(&mut self.0)
    }
}

/// What [`App`] leads to.
#[derive(Clone)]
pub struct AppParts {
    /// Postgres.
    pub store: Store,
    /// SQS.
    pub queue: Queue,
    /// S3.
    pub objects: Objects,
    /// The way to those who watch jobs.
    pub live: Live,
    /// The time of day.
    pub clock: SharedClock,
    /// New ids.
    pub ids: SharedIds,
    /// Makes and reads the tokens of log-ins.
    pub tokens: Tokens,
    /// The log-ins whose tokens are worthless.
    pub sessions: Sessions,
    /// The machine that studies are planned for.
    pub machine: bed::Machine,
    /// How files leave.
    pub downloads: Downloads,
    /// How large files may come.
    pub uploads: Uploads,
    /// What was answered.
    pub traffic: Traffic,
    /// How long one event stream lasts before its reader has to come back.
    pub stream_for: Duration,
    /// How long a request works on what takes long, before it leaves the rest to the next one.
    pub works_for: Duration,
}

/// Lambda gathers a whole answer before it sends it: a stream has to end well before the gateway gives up.
const STREAM_ON_LAMBDA: Duration = Duration::from_secs(20);
const STREAM: Duration = Duration::from_mins(10);
/// Well below the half minute in which an answer must begin.
const WORKS_FOR: Duration = Duration::from_secs(15);
/// The caller waits for the waking of workers, so it is short.
const WAKE_WITHIN: Duration = Duration::from_secs(3);

impl App {
    /// Makes the clients that the environment describes. Nothing is sent yet, so this works while a part is down.
    pub async fn from_settings(settings: &Settings) -> Result<Self, Error> {
        let Parts {
            store,
            queue,
            objects,
            live,
            ..
        } = Parts::from_settings(settings).await?;
        let secret = settings.token_secret.as_ref().ok_or(Error::NoTokenSecret)?;
        let tokens = Tokens::new(secret.as_bytes());
        let app = Self::new(store, queue, objects, tokens)
            .planning_for(settings.machine)
            .taking(settings.uploads)
            .telling(live);
        Ok(if settings.on_lambda {
            app.on_lambda()
        } else {
            app
        })
    }

    /// The state over given parts, with the system's clock and ids, streaming its downloads.
    pub fn new(store: Store, queue: Queue, objects: Objects, tokens: Tokens) -> Self {
        Self(Arc::new(AppParts {
            store,
            queue,
            objects,
            live: Live::default(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            tokens,
            sessions: Sessions::default(),
            machine: bed::Machine::default(),
            downloads: Downloads::Stream,
            uploads: Uploads::default(),
            traffic: Traffic::default(),
            stream_for: STREAM,
            works_for: WORKS_FOR,
        }))
    }

    /// The same, planning for the given machine.
    #[must_use]
    pub fn planning_for(mut self, machine: runtime::Machine) -> Self {
        self.machine.cores = machine.cores;
        self.machine.memory_mb = machine.memory_mb as f64;
        self
    }

    /// The same, with these bounds on uploads.
    #[must_use]
    pub fn taking(mut self, uploads: Uploads) -> Self {
        self.uploads = uploads;
        self
    }

    /// The same, telling those who watch jobs through this.
    #[must_use]
    pub fn telling(mut self, live: Live) -> Self {
        self.live = live;
        self
    }

    /// The same, where answers are small and end soon.
    #[must_use]
    pub fn on_lambda(mut self) -> Self {
        self.downloads = Downloads::Redirect;
        self.stream_for = STREAM_ON_LAMBDA;
        self
    }

    /// Sends what the outbox holds, and tells those who watch jobs. A failure costs time, not work: the scheduled sweep
    /// does what is left. The connection goes back first: on Lambda there is only this one.
    pub async fn wake_workers(&self, client: Client) {
        drop(client);
        let relayed = worker::relay(&self.store, &self.queue);
        match tokio::time::timeout(WAKE_WITHIN, relayed).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => warn!(%error, "workers were not woken, the sweep will do it"),
            Err(_) => warn!("the queue is slow, the sweep will wake the workers"),
        }
        self.live.announce(&self.store).await;
    }

    /// Tells those who watch jobs what was just written, where no worker has to be woken for it.
    pub async fn tell_watchers(&self, client: Client) {
        drop(client);
        self.live.announce(&self.store).await;
    }
}
