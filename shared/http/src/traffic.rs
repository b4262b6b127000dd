//! What this process has answered: by route for `/metrics`, and by person for the usage statistics. Counted in memory,
//! because a statement for each request would cost more than many requests do; whose requests were answered is written
//! down about once a minute. A process that is killed loses the last minute.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Method;
use store::usage_events::{self, Kind, NewUsage};
use store::{Error, Store};
use uuid::Uuid;

use crate::App;

/// How long whose requests were answered is kept in memory alone.
const WRITE_EVERY: Duration = Duration::from_mins(1);

/// Upper bounds of the classes of durations, in seconds.
pub const BOUNDS_S: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Which answers are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answered {
    /// The route's pattern, such as `/api/v1/beds/{id}`; `none` where there is no such route.
    pub route: String,
    /// The method; `other` for what no route knows.
    pub method: &'static str,
    /// The answer's status.
    pub status: u16,
}

/// How long answers took.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Durations {
    /// How many took no longer than each of [`BOUNDS_S`] and longer than the one before.
    pub classes: [u64; BOUNDS_S.len()],
    /// How many there were.
    pub count: u64,
    /// How long all of them took together.
    pub sum_s: f64,
}

impl Durations {
    fn add(&mut self, seconds: f64) {
        let class = BOUNDS_S.iter().position(|bound| seconds <= *bound);
        if let Some(class) = class.and_then(|class| self.classes.get_mut(class)) {
            *class += 1;
        }
        self.count += 1;
        self.sum_s += seconds;
    }
}

/// The counts; cheap to clone, all clones count together.
#[derive(Clone, Default)]
pub struct Traffic(Arc<Counts>);

#[derive(Default)]
struct Counts {
    answers: Mutex<BTreeMap<Answered, Durations>>,
    requests: Mutex<Requests>,
}

struct Requests {
    by_user: HashMap<Uuid, i64>,
    written: Instant,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            by_user: HashMap::new(),
            written: Instant::now(),
        }
    }
}

impl Traffic {
    /// All answers since the process began.
    pub fn answers(&self) -> BTreeMap<Answered, Durations> {
        lock(&self.0.answers).clone()
    }

    pub(crate) fn answered(&self, what: Answered, took: Duration) {
        let mut answers = lock(&self.0.answers);
        answers.entry(what).or_default().add(took.as_secs_f64());
    }

    /// Counts a request; says whether it is time to [`Self::write`].
    fn requested(&self, user_id: Uuid) -> bool {
        let mut requests = lock(&self.0.requests);
        *requests.by_user.entry(user_id).or_default() += 1;
        requests.written.elapsed() >= WRITE_EVERY
    }

    /// Writes down whose requests were answered since the last time. What cannot be written is kept for the next time.
    pub async fn write(&self, store: &Store) -> Result<(), Error> {
        let counts = {
            let mut requests = lock(&self.0.requests);
            requests.written = Instant::now();
            std::mem::take(&mut requests.by_user)
        };
        if counts.is_empty() {
            return Ok(());
        }
        let used: Vec<NewUsage> = counts
            .iter()
            .map(|(user_id, amount)| NewUsage {
                user_id: Some(*user_id),
                project_id: None,
                kind: Kind::Requests,
                amount: *amount,
            })
            .collect();
        let written = insert(store, &used).await;
        if written.is_err() {
            let mut requests = lock(&self.0.requests);
            for (user_id, amount) in counts {
                *requests.by_user.entry(user_id).or_default() += amount;
            }
        }
        written
    }
}

async fn insert(store: &Store, used: &[NewUsage]) -> Result<(), Error> {
    usage_events::insert(&store.client().await?, used).await
}

/// Counts a request of somebody who is known. Whoever comes when a minute is over waits for the one statement: on Lambda
/// nothing happens between requests.
pub(crate) async fn by_user(app: &App, user_id: Uuid) {
    if app.traffic.requested(user_id)
        && let Err(error) = app.traffic.write(&app.store).await
    {
        tracing::warn!(%error, "whose requests were answered is written down later");
    }
}

/// The method as a label: whoever asks can make up any number of methods.
pub(crate) fn word(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let known = KNOWN.into_iter().find(|known| *known == method.as_str());
    known.unwrap_or("other")
}

fn lock<T>(counts: &Mutex<T>) -> MutexGuard<'_, T> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_counts_in_the_first_class_that_holds_it_and_a_long_one_in_none() {
        let mut durations = Durations::default();
        for seconds in [0.005, 0.006, 11.0] {
            durations.add(seconds);
        }
        assert_eq!(durations.classes[..3], [1, 1, 0]);
        assert_eq!(durations.classes.iter().sum::<u64>(), 2);
        assert_eq!(durations.count, 3);
    }
}
