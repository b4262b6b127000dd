//! Log-ins that have ended. The token of a log-in is good by itself for a quarter of an hour, and dies earlier with its
//! log-in. Every process knows the few that ended within that time and asks for new ones every few seconds, not with
//! every request: where a log-in is ended its tokens are worthless at once, elsewhere some seconds later.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use store::{Store, refresh_tokens};
use tracing::warn;
use uuid::Uuid;

use crate::auth::TOKEN_LIFE;

/// How long what was asked for is taken for what is so.
const FRESH_FOR: Duration = Duration::from_secs(5);
/// No token outlives this, whatever the difference between our clock and the database's.
const REMEMBERED_FOR: Duration = TOKEN_LIFE.saturating_add(Duration::from_mins(5));

/// The log-ins that have ended a short while ago. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Sessions(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Each with the time until which it is worth remembering.
    ended: HashMap<Uuid, Timestamp>,
    /// When the database is asked next.
    ask_at: Option<Timestamp>,
}

impl Sessions {
    /// Takes note that these log-ins have ended, once that is committed.
    pub fn end(&self, sessions: impl IntoIterator<Item = Uuid>, now: Timestamp) {
        let until = after(now, REMEMBERED_FOR);
        let ended = sessions.into_iter().map(|id| (id, until));
        self.known().ended.extend(ended);
    }

    /// Whether this log-in has ended, as far as is known. While the database is away nothing new is known of log-ins, nor
    /// is there anything that a token could open.
    pub(crate) async fn has_ended(&self, session: Uuid, store: &Store, now: Timestamp) -> bool {
        if self.is_due(now) {
            match ask(store).await {
                Ok(ended) => self.end(ended, now),
                Err(error) => warn!(%error, "cannot ask which log-ins have ended"),
            }
        }
        self.known().ended.contains_key(&session)
    }

    /// True for one of those who come at that time.
    fn is_due(&self, now: Timestamp) -> bool {
        let mut known = self.known();
        if known.ask_at.is_some_and(|at| now < at) {
            return false;
        }
        known.ask_at = Some(after(now, FRESH_FOR));
        known.ended.retain(|_, until| now < *until);
        true
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask(store: &Store) -> Result<Vec<Uuid>, store::Error> {
    refresh_tokens::ended_within(&store.client().await?, REMEMBERED_FOR).await
}

fn after(now: Timestamp, duration: Duration) -> Timestamp {
    now.saturating_add(duration).unwrap_or(Timestamp::MAX)
}
