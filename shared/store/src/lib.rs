//! Postgres: the only crate that knows SQL, one file per table. It decides nothing: the rules it carries out are those
//! of the crate `job`, and callers say when a transaction begins and ends.

pub mod access;
mod connect;
mod error;
pub mod list;
mod migrate;
mod settings;
mod sql;
pub mod text;
mod tls;

pub mod api_keys;
pub mod audits;
pub mod bed_files;
pub mod beds;
pub mod dashboards;
pub mod databases;
pub mod figures;
pub mod fileshare_items;
pub mod idempotency_keys;
pub mod job_events;
pub mod jobs;
pub mod leftovers;
pub mod live_connections;
pub mod live_tickets;
pub mod live_watches;
pub mod metrics;
pub mod object_tombstones;
pub mod outbox;
pub mod packings;
pub mod project_members;
pub mod projects;
pub mod rate_limits;
pub mod refresh_tokens;
pub mod results;
pub mod scheduled_runs;
pub mod simulations;
pub mod snapshot;
pub mod stage_outputs;
pub mod submissions;
pub mod uploads;
pub mod usage;
pub mod usage_events;
pub mod users;

pub use connect::{Client, Connections, Store, Transaction};
pub use deadpool_postgres::GenericClient;
pub use error::Error;
pub use migrate::{Migrated, migrate, migrations_fingerprint};
pub use settings::Settings;

/// Every statement this crate sends, for the test that prepares them all.
#[doc(hidden)]
pub fn statements() -> Vec<&'static str> {
    [
        access::STATEMENTS,
        api_keys::STATEMENTS,
        audits::STATEMENTS,
        bed_files::STATEMENTS,
        beds::STATEMENTS,
        dashboards::STATEMENTS,
        figures::STATEMENTS,
        fileshare_items::STATEMENTS,
        idempotency_keys::STATEMENTS,
        job_events::STATEMENTS,
        jobs::STATEMENTS,
        leftovers::STATEMENTS,
        live_connections::STATEMENTS,
        live_tickets::STATEMENTS,
        live_watches::STATEMENTS,
        metrics::STATEMENTS,
        object_tombstones::STATEMENTS,
        outbox::STATEMENTS,
        packings::STATEMENTS,
        project_members::STATEMENTS,
        projects::STATEMENTS,
        rate_limits::STATEMENTS,
        refresh_tokens::STATEMENTS,
        results::STATEMENTS,
        scheduled_runs::STATEMENTS,
        simulations::STATEMENTS,
        snapshot::STATEMENTS,
        stage_outputs::STATEMENTS,
        submissions::STATEMENTS,
        uploads::STATEMENTS,
        usage::STATEMENTS,
        usage_events::STATEMENTS,
        users::STATEMENTS,
    ]
    .concat()
}
