//! The services a worker and the schedules use.

use std::sync::Arc;
use std::time::Duration;

use objects::Objects;
use push::{ApiGateway, Live};
use queue::{Endpoint, Name, Queue};
use runtime::{SharedIds, SystemIds};
use store::Store;

use crate::Error;

/// Connections to everything a job needs. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// Postgres.
    pub store: Store,
    /// The queues.
    pub queue: Queue,
    /// The object store.
    pub objects: Objects,
    /// Where lease tokens come from.
    pub ids: SharedIds,
    /// The way to those who watch jobs.
    pub live: Live,
}

impl Parts {
    /// The services that the environment describes. Nothing is sent yet, so this works while one is down.
    pub async fn from_settings(settings: &runtime::Settings) -> Result<Self, Error> {
        let queues = settings.queues.as_ref().ok_or(Error::NoQueues)?;
        let endpoint = Endpoint {
            url: settings.endpoint_url.clone(),
            ..Endpoint::default()
        };
        let queue = queue::Settings {
            endpoint: endpoint.clone(),
            packing: Name::new(&queues.packing_url),
            flow: Name::new(&queues.flow_url),
        };
        let objects = objects::Settings {
            endpoint,
            ..objects::Settings::new(&settings.bucket)
        };
        let mut store = store::Settings {
            pool_size: settings.database.pool_size,
            max_overflow: settings.database.max_overflow,
            recycle: settings.database.recycle,
            statement_timeout: settings.database.statement_timeout,
            ..store::Settings::new(&settings.database.url)
        };
        if settings.on_lambda {
            store.trusted_for = Duration::ZERO;
        }
        let live = settings.live_endpoint.as_ref();
        Ok(Self {
            store: Store::connect(&store)?,
            queue: Queue::connect(&queue).await,
            objects: Objects::connect(&objects).await,
            ids: Arc::new(SystemIds),
            live: live.map_or_else(Live::default, |stage| {
                Live::through(Arc::new(ApiGateway::at(stage)))
            }),
        })
    }
}
