//! Leftovers: rows of several tables that have had their time. What each is, when its time is up, and how it goes; objects
//! are another matter (`object_tombstones`), and so are idempotency keys, which the sweep forgets each minute.

use deadpool_postgres::GenericClient;

use crate::{Error, sql};

/// A kind of row that nobody needs after a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// Refresh tokens a week past their end: until then a stolen one is recognised.
    RefreshTokens,
    /// API keys a month past their end or revocation: until then their owner sees what became of them.
    ApiKeys,
    /// Windows of rate limits of yesterday and before.
    RateLimits,
    /// Share links a week past their end, revocation or last download: until then their owner sees what became of them.
    ShareLinks,
    /// Records of scheduled runs older than a month.
    ScheduledRuns,
    /// Tombstones of objects that were deleted a day ago.
    Tombstones,
    /// WebSockets that were silent for longer than their gateway lets them be: it did not say that it closed them.
    LiveConnections,
    /// Tickets for WebSockets that were not used in time.
    LiveTickets,
    /// Usage events two months old, an hour at a time, once they are summed up for good.
    UsageEvents,
}

const TOKENS_LEFT: &str = "
    SELECT count(*) AS rows FROM refresh_tokens
    WHERE expires_at < now() - interval '7 days'";
const FORGET_TOKENS: &str = "
    DELETE FROM refresh_tokens WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM refresh_tokens
        WHERE expires_at < now() - interval '7 days'
        LIMIT $1 FOR UPDATE SKIP LOCKED))";

const KEYS_LEFT: &str = "
    SELECT count(*) AS rows FROM api_keys
    WHERE (expires_at < now() - interval '30 days' OR revoked_at < now() - interval '30 days')";
const FORGET_KEYS: &str = "
    DELETE FROM api_keys WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM api_keys
        WHERE (expires_at < now() - interval '30 days' OR revoked_at < now() - interval '30 days')
        LIMIT $1 FOR UPDATE SKIP LOCKED))";

const LIMITS_LEFT: &str = "
    SELECT count(*) AS rows FROM rate_limits
    WHERE window_start < now() - interval '1 day'";
const FORGET_LIMITS: &str = "
    DELETE FROM rate_limits WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM rate_limits
        WHERE window_start < now() - interval '1 day'
        LIMIT $1 FOR UPDATE SKIP LOCKED))";

const LINKS_LEFT: &str = "
    SELECT count(*) AS rows FROM fileshare_items
    WHERE (expires_at < now() - interval '7 days' OR deleted_at < now() - interval '7 days'
        OR (downloads >= max_downloads AND last_downloaded_at < now() - interval '7 days'))";
const FORGET_LINKS: &str = "
    DELETE FROM fileshare_items WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM fileshare_items
        WHERE (expires_at < now() - interval '7 days' OR deleted_at < now() - interval '7 days'
            OR (downloads >= max_downloads AND last_downloaded_at < now() - interval '7 days'))
        LIMIT $1 FOR UPDATE SKIP LOCKED))";

const RUNS_LEFT: &str = "
    SELECT count(*) AS rows FROM scheduled_runs
    WHERE scheduled_for < now() - interval '30 days'";
const FORGET_RUNS: &str = "
    DELETE FROM scheduled_runs WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM scheduled_runs
        WHERE scheduled_for < now() - interval '30 days'
        LIMIT $1 FOR UPDATE SKIP LOCKED))";

const TOMBSTONES_LEFT: &str = "
    SELECT count(*) AS rows FROM object_tombstones
    WHERE deleted_at < now() - interval '1 day'";
const FORGET_TOMBSTONES: &str = "
    DELETE FROM object_tombstones WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM object_tombstones
        WHERE deleted_at < now() - interval '1 day'
        LIMIT $1 FOR UPDATE SKIP LOCKED))";

const CONNECTIONS_LEFT: &str = "
    SELECT count(*) AS rows FROM live_connections
    WHERE seen_at < now() - interval '15 minutes'";
const FORGET_CONNECTIONS: &str = "
    DELETE FROM live_connections WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM live_connections
        WHERE seen_at < now() - interval '15 minutes'
        LIMIT $1 FOR UPDATE SKIP LOCKED))";

const TICKETS_LEFT: &str = "
    SELECT count(*) AS rows FROM live_tickets
    WHERE expires_at < now()";
const FORGET_TICKETS: &str = "
    DELETE FROM live_tickets WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM live_tickets
        WHERE expires_at < now()
        LIMIT $1 FOR UPDATE SKIP LOCKED))";

/// Whole hours, so that an hour's sum is never computed from a part of its events; and only what was recorded well before
/// the last roll-up: an event is recorded at most 30 days late.
const EVENTS_LEFT: &str = "
    SELECT count(*) AS rows FROM usage_events WHERE at < (
        SELECT date_trunc('day', started_at, 'UTC') - interval '62 days' FROM scheduled_runs
        WHERE name = 'usage-stats' AND succeeded ORDER BY scheduled_for DESC LIMIT 1)";
const FORGET_EVENTS: &str = "
    WITH hour AS (SELECT date_trunc('hour', min(at), 'UTC') AS start FROM usage_events),
    rolled_up AS (
        SELECT started_at FROM scheduled_runs
        WHERE name = 'usage-stats' AND succeeded ORDER BY scheduled_for DESC LIMIT 1)
    DELETE FROM usage_events USING hour, rolled_up
    WHERE at >= hour.start AND at < hour.start + interval '1 hour' AND $1::bigint > 0
        AND hour.start < date_trunc('day', rolled_up.started_at, 'UTC') - interval '62 days'";

impl Leftover {
    /// All of them, in the order in which they go.
    pub const ALL: [Self; 9] = [
        Self::RefreshTokens,
        Self::ApiKeys,
        Self::RateLimits,
        Self::ShareLinks,
        Self::ScheduledRuns,
        Self::Tombstones,
        Self::LiveConnections,
        Self::LiveTickets,
        Self::UsageEvents,
    ];

    /// The name of the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RefreshTokens => "refresh_tokens",
            Self::ApiKeys => "api_keys",
            Self::RateLimits => "rate_limits",
            Self::ShareLinks => "fileshare_items",
            Self::ScheduledRuns => "scheduled_runs",
            Self::Tombstones => "object_tombstones",
            Self::LiveConnections => "live_connections",
            Self::LiveTickets => "live_tickets",
            Self::UsageEvents => "usage_events",
        }
    }

    const fn statements(self) -> [&'static str; 2] {
        match self {
            Self::RefreshTokens => [TOKENS_LEFT, FORGET_TOKENS],
            Self::ApiKeys => [KEYS_LEFT, FORGET_KEYS],
            Self::RateLimits => [LIMITS_LEFT, FORGET_LIMITS],
            Self::ShareLinks => [LINKS_LEFT, FORGET_LINKS],
            Self::ScheduledRuns => [RUNS_LEFT, FORGET_RUNS],
            Self::Tombstones => [TOMBSTONES_LEFT, FORGET_TOMBSTONES],
            Self::LiveConnections => [CONNECTIONS_LEFT, FORGET_CONNECTIONS],
            Self::LiveTickets => [TICKETS_LEFT, FORGET_TICKETS],
            Self::UsageEvents => [EVENTS_LEFT, FORGET_EVENTS],
        }
    }
}

/// How many there are.
pub async fn count(client: &impl GenericClient, what: Leftover) -> Result<i64, Error> {
    let [count, _] = what.statements();
    Ok(sql::one(client, count, &[]).await?.try_get("rows")?)
}

/// Removes some, about `limit`, and gives the number; none are left when it is zero.
pub async fn remove(client: &impl GenericClient, what: Leftover, limit: i64) -> Result<u64, Error> {
    let [_, remove] = what.statements();
    sql::execute(client, remove, &[&limit]).await
}

pub(crate) const STATEMENTS: &[&str] = &[
    TOKENS_LEFT,
    FORGET_TOKENS,
    KEYS_LEFT,
    FORGET_KEYS,
    LIMITS_LEFT,
    FORGET_LIMITS,
    LINKS_LEFT,
    FORGET_LINKS,
    RUNS_LEFT,
    FORGET_RUNS,
    TOMBSTONES_LEFT,
    FORGET_TOMBSTONES,
    CONNECTIONS_LEFT,
    FORGET_CONNECTIONS,
    TICKETS_LEFT,
    FORGET_TICKETS,
    EVENTS_LEFT,
    FORGET_EVENTS,
];
