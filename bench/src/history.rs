//! Databases with a long past, made of SQL.

use anyhow::{Context, Result};
use jiff::Timestamp;
use runtime::{Clock, SystemClock};
use store::{Store, databases};
use uuid::Uuid;

const FILL: &str = include_str!("history.sql");
const DAY_S: i64 = 86_400;

/// A database of its own with so many rows in each of the tables that only grow.
#[derive(Debug)]
pub struct History {
    /// The database.
    pub store: Store,
    /// Rows in each table.
    pub rows: u64,
    /// Where its past ends.
    pub end: Timestamp,
}

/// Sees everything.
pub const ADMINISTRATOR: Uuid = id(1, 0);
/// Owns [`PROJECT`] and the two projects after it.
pub const OWNER: Uuid = id(1, 3);
/// The project with the most jobs and audits.
pub const PROJECT: Uuid = id(2, 0);

/// As `pg_temp.id` in the SQL.
const fn id(space: u128, number: u128) -> Uuid {
    Uuid::from_u128((0x7000_8000 | space) << 48 | number)
}

impl History {
    /// Makes and fills it on this server. A longer past has more hours and more projects.
    pub async fn make(server: &str, rows: u64, projects: u64) -> Result<Self> {
        let name = format!("history_{rows}");
        databases::create(server, &name, None).await?;
        let url = databases::sibling(server, &name)?;
        store::migrate(&url).await?;
        let end = end()?;
        let fill = FILL
            .replace(":rows", &format!("{rows}::bigint"))
            .replace(":projects", &format!("{projects}::bigint"))
            .replace(":end", &format!("'{end}'::timestamptz"));
        let filling = Store::connect(&store::Settings::new(&url))?;
        for command in ["RESET ROLE", &fill, "VACUUM ANALYZE", "CHECKPOINT"] {
            let client = filling.client().await?;
            let done = client.batch_execute(command).await;
            done.map_err(store::Error::from)?;
        }
        filling.close();
        Ok(Self {
            store: Store::connect(&store::Settings::new(&url))?,
            rows,
            end,
        })
    }
}

/// Ten in the morning of yesterday (UTC): the shortest past fits into that day, so that the last day has as many hours in
/// each.
fn end() -> Result<Timestamp> {
    let now = SystemClock.now().as_second();
    Timestamp::from_second((now / DAY_S - 1) * DAY_S + 10 * 3600).context("no such time")
}
