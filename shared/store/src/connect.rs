//! The pool. `pool_size` + `max_overflow` is deadpool's size; what it lacks is added by two small rules: connections
//! beyond `pool_size` are closed once idle for a minute, and any older than `recycle` is replaced when next used.

use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, QueueMode, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;

use crate::tls::{self, Target};
use crate::{Error, Settings};

/// A connection from the pool; gives transactions.
pub type Client = deadpool_postgres::Client;
/// A transaction; rolled back unless committed.
pub type Transaction<'a> = deadpool_postgres::Transaction<'a>;

const OVERFLOW_IDLE: Duration = Duration::from_mins(1);
const RECYCLE_CHECK: Duration = Duration::from_secs(5);

/// The database, shared by cloning.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    pool_size: usize,
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
        let recycle = settings.recycle;
        let too_old = Hook::sync_fn(move |_, metrics| {
            if metrics.age() < recycle {
                Ok(())
            } else {
                Err(HookError::message("connection is due for replacement"))
            }
        });
        let pool = Pool::builder(manager(settings)?)
            .max_size(settings.pool_size + settings.max_overflow)
            .queue_mode(QueueMode::Lifo)
            .timeouts(Timeouts {
                wait: Some(settings.wait),
                create: Some(settings.wait),
                recycle: Some(RECYCLE_CHECK),
            })
            .pre_recycle(too_old)
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

fn manager(settings: &Settings) -> Result<Manager, Error> {
    let mut target = prepare(settings)?;
    // `Verified` asks the server: sockets that died while a function was frozen are found before they are used.
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Verified,
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
    let limit_ms = settings.statement_timeout.as_millis();
    let options = format!(
        "{} -c statement_timeout={limit_ms} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
        target.config.get_options().unwrap_or_default()
    );
    target
        .config
        .options(options.trim_start())
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
