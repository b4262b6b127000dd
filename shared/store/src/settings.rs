//! How to reach the database and how many connections to hold.

use std::time::Duration;

/// Everything [`crate::Store::connect`] needs. Sizes are those of `DB_POOL_SIZE`, `DB_MAX_OVERFLOW`, `DB_POOL_RECYCLE`.
#[derive(Clone)]
pub struct Settings {
    /// `postgres://user:password@host:port/name?sslmode=require`; a socket folder goes into `host=`.
    pub url: String,
    /// Connections kept once opened.
    pub pool_size: usize,
    /// Further connections opened under load and closed again when idle.
    pub max_overflow: usize,
    /// Age at which a connection is replaced.
    pub recycle: Duration,
    /// A connection taken less than this ago is given out again without asking whether it is alive, which costs a round
    /// trip. Zero where the process may be frozen in between, with its clock.
    pub trusted_for: Duration,
    /// How long to wait for a free or a new connection.
    pub wait: Duration,
    /// How long one statement may take.
    pub statement_timeout: Duration,
}

impl Settings {
    /// The defaults: 10 connections, 20 more under load, replaced after an hour.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pool_size: 10,
            max_overflow: 20,
            recycle: Duration::from_hours(1),
            trusted_for: Duration::from_secs(1),
            wait: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
        }
    }

    /// What is set on each connection. It gives up the rights of the tables' owner: the role of the application can neither
    /// change nor delete what was recorded.
    pub fn session(&self) -> [(&'static str, String); 5] {
        let limit_ms = self.statement_timeout.as_millis();
        [
            ("role", "leito_app".to_owned()),
            ("statement_timeout", limit_ms.to_string()),
            ("idle_in_transaction_session_timeout", "60000".to_owned()),
            ("timezone", "UTC".to_owned()),
            // A page from anywhere costs as much as the next one: what is asked for is in memory or on a disk that does not
            // turn. Told otherwise, Postgres walks a whole table backwards rather than along the index of one person.
            ("random_page_cost", "1.1".to_owned()),
        ]
    }
}

/// Leaves out the URL, which may hold a password.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("pool_size", &self.pool_size)
            .field("max_overflow", &self.max_overflow)
            .field("recycle", &self.recycle)
            .finish_non_exhaustive()
    }
}
