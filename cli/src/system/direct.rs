//! A system's database and objects, without its API: for clean-ups, backups and what else is done from inside. They are
//! those of the running system, of the one that the environment describes, or of the data folder, whose Postgres and
//! emulator then run for as long as it takes.

use anyhow::{Context, Result, bail};
use clap::Args;
use embedded::emulator::{Emulator, Resources};
use embedded::postgres::Postgres;
use objects::Objects;
use queue::Queue;
use runtime::{Settings, SystemIds};
use store::Store;
use worker::Parts;

use crate::Place;
use crate::folder::Held;

/// Which system a command works on.
#[derive(Args, Clone, Debug)]
pub struct Inside {
    /// Work on the system that the environment describes (`DATABASE_URL`, `LEITO_BUCKET` …, see .env.example) instead of
    /// the one in the data folder
    #[arg(long)]
    env: bool,
    #[command(flatten)]
    place: Place,
}

/// What is reached from inside.
pub struct Direct {
    /// Database, queues and objects.
    pub parts: Parts,
    /// How other programs reach the database; may hold a password.
    pub database_url: String,
    own: Option<(Postgres, Emulator, Held)>,
}

/// Whether the database gets its tables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// It is brought up to date.
    UpToDate,
    /// It stays as it is.
    AsTheyAre,
}

impl Inside {
    /// Reaches it; call [`Direct::close`] at the end.
    pub async fn open(&self, tables: Tables) -> Result<Direct> {
        if self.env {
            let settings = Settings::from_env()?;
            let parts = Parts::from_settings(&settings).await?;
            return Ok(Direct {
                parts,
                database_url: settings.database.url,
                own: None,
            });
        }
        let folder = self.place.folder()?;
        if let Some(running) = folder.running()? {
            let (Some(database), Some(endpoint)) = (running.database_url, running.endpoint_url)
            else {
                bail!(
                    "the Leito on {} is older than this program",
                    running.address
                );
            };
            return Box::pin(connect(database, &endpoint, None)).await;
        }
        let held = folder.hold()?;
        super::log::to_file(&folder.path().join("leito.log"), &self.place.log)?;
        let (postgres, emulator) = super::children(&folder, &self.place).await?;
        if tables == Tables::UpToDate {
            let migrated = store::migrate(postgres.url()).await;
            migrated.context("cannot bring the database up to date")?;
        }
        let (database, endpoint) = (
            postgres.url().to_owned(),
            emulator.endpoint_url().to_owned(),
        );
        let own = Some((postgres, emulator, held));
        Box::pin(connect(database, &endpoint, own)).await
    }
}

async fn connect(
    database_url: String,
    endpoint: &str,
    own: Option<(Postgres, Emulator, Held)>,
) -> Result<Direct> {
    // Boxed: making the clients of the AWS SDK takes tens of kilobytes of state.
    let (queues, objects) = Box::pin(Resources::default().ensure(endpoint)).await?;
    let (queue, objects) = tokio::join!(Queue::connect(&queues), Objects::connect(&objects));
    let parts = Parts {
        store: Store::connect(&store::Settings::new(&database_url))?,
        queue,
        objects,
        ids: std::sync::Arc::new(SystemIds),
        live: worker::Live::default(),
    };
    Ok(Direct {
        parts,
        database_url,
        own,
    })
}

impl Direct {
    /// Lets go; what was started for it is stopped.
    pub async fn close(self) -> Result<()> {
        self.parts.store.close();
        if let Some((postgres, emulator, _held)) = self.own {
            let emulator = emulator.stop().await;
            let postgres = postgres.stop().await;
            emulator.and(postgres)?;
        }
        Ok(())
    }
}
