//! The body of a worker's `main` where Lambda started it: batches from SQS, through the runtime API.

use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use runtime::{Clock, Machine, Settings};
use tokio_util::sync::CancellationToken;
use worker::{Handler, Parts, Worker};

use crate::Error;
use crate::process::worker;

/// Kept back of an invocation's time, for stopping an engine and writing down that it was stopped.
const MARGIN: Duration = Duration::from_secs(30);

/// Handles batches until Lambda ends the process. What still runs shortly before an invocation's time is up is stopped,
/// and the attempt counts: another invocation has no more time, and would begin from the start.
pub async fn function<H: Handler>(
    settings: &Settings,
    clock: &dyn Clock,
    handler: impl FnOnce(&Parts) -> H,
) -> Result<(), Error> {
    // An instance whose former process was killed keeps that one's files.
    let cleared = worker::clear_work_dir(&settings.work_dir).await;
    cleared.map_err(Error::Folder)?;
    // The engine runs here, not on the machine that other functions plan for.
    let cores = usize::try_from(Machine::detect().cores).unwrap_or(1);
    let how = worker::Settings {
        time_is_limited: true,
        ..worker::Settings::new(&settings.work_dir, cores)
    };
    let worker = &worker(settings, how, handler).await?;
    // Boxed: the compiler gives up on futures nested so deep.
    let handle = async |event: LambdaEvent<SqsEvent>| {
        let left = left(event.context.deadline, clock.now());
        let handled = Box::pin(handle_within(worker, event.payload, left));
        Ok::<_, lambda_runtime::Error>(handled.await)
    };
    let ended = Box::pin(lambda_runtime::run(service_fn(handle))).await;
    ended.map_err(|error| Error::Lambda(error.to_string()))
}

async fn handle_within<H: Handler>(
    worker: &Worker<H>,
    event: SqsEvent,
    left: Duration,
) -> SqsBatchResponse {
    let shutdown = CancellationToken::new();
    let time_is_up = async {
        tokio::time::sleep(left).await;
        shutdown.cancel();
        std::future::pending().await
    };
    tokio::select! {
        response = worker.handle_batch(event, shutdown.clone()) => response,
        never = time_is_up => never,
    }
}

/// How long may be worked until `deadline_ms`, which is counted from 1970.
fn left(deadline_ms: u64, now: Timestamp) -> Duration {
    let now_ms = u64::try_from(now.as_millisecond()).unwrap_or_default();
    Duration::from_millis(deadline_ms.saturating_sub(now_ms)).saturating_sub(MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_half_a_minute_before_the_invocation_and_never_before_it_began() {
        let now = Timestamp::UNIX_EPOCH + Duration::from_secs(1000);
        assert_eq!(left(1_900_000, now), Duration::from_secs(870));
        assert_eq!(left(1_010_000, now), Duration::ZERO);
        assert_eq!(left(0, now), Duration::ZERO);
    }
}
