//! Trying a database call again while the database restarts, for as long as the lease is ours.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::sleep;

use crate::failures::chain;
use crate::stop::{Reason, Stop};

const PAUSE: Duration = Duration::from_millis(250);

/// One try of a call.
pub(crate) type Try<'a, T> = Pin<Box<dyn Future<Output = Result<T, store::Error>> + Send + 'a>>;

/// Calls until it works, fails for good, or the lease is lost meanwhile.
pub(crate) async fn persist<'a, T>(
    stop: &Stop,
    mut call: impl FnMut() -> Try<'a, T> + Send,
) -> Result<T, store::Error> {
    loop {
        match call().await {
            Err(error) if error.is_transient() && stop.reason() != Some(Reason::LeaseLost) => {
                tracing::warn!(error = chain(&error), "the database call is tried again");
                sleep(PAUSE).await;
            }
            ended => return ended,
        }
    }
}
