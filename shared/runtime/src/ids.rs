//! New identifiers, as something that is handed in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// Makes keys for new rows and requests.
pub trait Ids: Send + Sync {
    /// An identifier nobody has had before.
    fn next(&self) -> Uuid;
}

/// A source of ids that many parts hold.
pub type SharedIds = Arc<dyn Ids>;

/// Version 7 ids: random, and sorted by the time they were made, which keeps the indexes on them compact.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that makes ids"
    )]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Ids that count up from 1: for tests, whose snapshots can then name them.
#[derive(Debug, Default)]
pub struct SequentialIds(AtomicU64);

impl Ids for SequentialIds {
    fn next(&self) -> Uuid {
        Uuid::from_u64_pair(0, self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
