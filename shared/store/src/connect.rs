//! The pool. `pool_size` + `max_overflow` is deadpool's size; what it lacks is added by two small rules: connections
//! beyond `pool_size` are closed once idle for a minute, and any older than `recycle` is replaced when next used. One
//! that was idle is asked whether it still answers before it is given out.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Metrics, Pool, QueueMode,
    RecyclingMethod, Runtime, Timeouts,
};
use tokio::time::timeout;
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;

use crate::tls::{self, Target};
use crate::{Error, Settings};

/// A connection from the pool; gives transactions.
pub type Client = deadpool_postgres::Client;
/// A transaction; rolled back unless committed.
pub type Transaction<'a> = deadpool_postgres::Transaction<'a>;

const OVERFLOW_IDLE: Duration = Duration::from_mins(1);
/// How long an idle connection may take to say that it is alive.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// The database, shared by cloning.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    pool_size: usize,
}

/// The state of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// Opened and not closed.
    pub open: usize,
    /// Given out.
    pub used: usize,
    /// How many there may be.
    pub most: usize,
    /// How many callers wait for one.
    pub waited_for: usize,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("pool", &self.pool.status())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Makes the pool. Opens no connection yet, so it succeeds while the database is down.
    pub fn connect(settings: &Settings) -> Result<Self, Error> {
        let (recycle, trusted_for) = (settings.recycle, settings.trusted_for);
        let too_old = Hook::sync_fn(move |_, metrics| {
            if metrics.age() < recycle {
                Ok(())
            } else {
                Err(HookError::message("connection is due for replacement"))
            }
        });
        let unanswering =
            Hook::async_fn(move |client, metrics| Box::pin(answers(client, metrics, trusted_for)));
        let introduction: Arc<str> = introduction(settings).into();
        let pool = Pool::builder(manager(settings)?)
            .max_size(settings.pool_size + settings.max_overflow)
            .queue_mode(QueueMode::Lifo)
            .timeouts(Timeouts {
                wait: Some(settings.wait),
                create: Some(settings.wait),
                recycle: None,
            })
            .post_create(Hook::async_fn(move |client: &mut ClientWrapper, _| {
                let introduction = Arc::clone(&introduction);
                Box::pin(async move { say(client, &introduction).await })
            }))
            .pre_recycle(too_old)
            .pre_recycle(unanswering)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Settings(error.to_string()))?;
        Ok(Self {
            pool,
            pool_size: settings.pool_size,
        })
    }

    /// A connection that answered a moment ago.
    pub async fn client(&self) -> Result<Client, Error> {
        self.close_idle_overflow();
        Ok(self.pool.get().await?)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.client().await?.simple_query("").await?;
        Ok(())
    }

    /// Closes the pool; later calls fail.
    pub fn close(&self) {
        self.pool.close();
    }

    /// How many connections there are now.
    pub fn connections(&self) -> Connections {
        let status = self.pool.status();
        Connections {
            open: status.size,
            used: status.size.saturating_sub(status.available),
            most: status.max_size,
            waited_for: status.waiting,
        }
    }

    fn close_idle_overflow(&self) {
        let mut surplus = self.pool.status().size.saturating_sub(self.pool_size);
        if surplus > 0 {
            self.pool.retain(|_, metrics| {
                let close = surplus > 0 && metrics.last_used() > OVERFLOW_IDLE;
                surplus -= usize::from(close);
                !close
            });
        }
    }
}

/// What a new connection says first. By statements, in one go: RDS Proxy refuses a connection that comes with options.
fn introduction(settings: &Settings) -> String {
    let set = settings.session();
    let said = set.map(|(name, value)| format!("SET {name} = '{value}'"));
    said.join("; ")
}

async fn say(client: &ClientWrapper, statements: &str) -> Result<(), HookError> {
    let said = client.batch_execute(statements).await;
    said.map_err(HookError::Backend)
}

/// A socket may have died unseen: in a function that was frozen, behind a router that forgot it.
async fn answers(
    client: &ClientWrapper,
    metrics: &Metrics,
    trusted_for: Duration,
) -> Result<(), HookError> {
    if metrics.last_used() < trusted_for {
        return Ok(());
    }
    match timeout(ANSWER_WITHIN, client.simple_query("")).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(HookError::Backend(error)),
        Err(_) => Err(HookError::message("the connection does not answer")),
    }
}

fn manager(settings: &Settings) -> Result<Manager, Error> {
    let mut target = prepare(settings)?;
    // Notices closed connections; for those that died unseen there is a hook.
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    harden(&mut target);
    if target.wants_tls() {
        let connector = target.connector()?;
        Ok(Manager::from_config(target.config, connector, recycling))
    } else {
        Ok(Manager::from_config(target.config, NoTls, recycling))
    }
}

/// Turns "TLS if the server likes" into "TLS": otherwise who stands in the middle can say that the server does not.
pub(crate) fn harden(target: &mut Target) {
    let mode = if target.wants_tls() {
        SslMode::Require
    } else {
        SslMode::Disable
    };
    target.config.ssl_mode(mode);
}

fn prepare(settings: &Settings) -> Result<Target, Error> {
    let mut target = tls::parse(&settings.url)?;
    target
        .config
        .application_name("leito")
        .connect_timeout(settings.wait);
    Ok(target)
}

/// One connection outside any pool and without a statement limit, for migrations.
pub(crate) async fn single(url: &str) -> Result<tokio_postgres::Client, Error> {
    let mut target = tls::parse(url)?;
    harden(&mut target);
    target.config.application_name("leito migrate");
    let unreachable = |error: tokio_postgres::Error| Error::Unreachable(Box::new(error));
    if target.wants_tls() {
        let (client, connection) = target
            .config
            .connect(target.connector()?)
            .await
            .map_err(unreachable)?;
        tokio::spawn(connection);
        Ok(client)
    } else {
        let (client, connection) = target.config.connect(NoTls).await.map_err(unreachable)?;
        tokio::spawn(connection);
        Ok(client)
    }
}
