//! What a worker has to know about its jobs.

use async_trait::async_trait;
use job::{Failure, Job, Kind};
use store::Transaction;

use crate::Work;

/// The work of one kind of job.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// What a successful run gives to [`Handler::finish`].
    type Output: Send + Sync;

    /// The jobs it takes.
    fn kind(&self) -> Kind;

    /// Does the job. Stops soon after `work.cancel` fires; the failure it then returns is not looked at, because
    /// the worker knows why it fired. Calls `work.progress` often: a handler that says nothing for
    /// [`crate::Settings::silence`] counts as hanging.
    async fn run(&self, work: &Work) -> Result<Self::Output, Failure>;

    /// Writes the results, in the transaction that completes the job. May be called again after a broken connection.
    async fn finish(
        &self,
        tx: &Transaction<'_>,
        job: &Job,
        output: &Self::Output,
    ) -> Result<(), store::Error>;
}
