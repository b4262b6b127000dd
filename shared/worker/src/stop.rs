//! Why a running handler has to stop. The first reason stays, except that a lost lease outdoes every other: from then
//! on nothing may be written, and nothing is worth waiting for.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

/// Why `cancel` fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Somebody asked for it.
    Cancelled,
    /// This process has to end.
    Shutdown,
    /// The job is somebody else's now, or may be.
    LeaseLost,
    /// The handler reported nothing for too long.
    Silent,
}

/// The token a handler watches, with the reason behind it.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    pub cancel: CancellationToken,
    reason: OnceLock<Reason>,
    lease_lost: AtomicBool,
}

impl Stop {
    /// Asks the handler to stop.
    pub fn request(&self, reason: Reason) {
        if reason == Reason::LeaseLost {
            self.lease_lost.store(true, Ordering::Release);
        } else {
            // A later reason changes nothing: the handler is stopping already.
            let _ = self.reason.set(reason);
        }
        self.cancel.cancel();
    }

    /// The reason, once there is one.
    pub fn reason(&self) -> Option<Reason> {
        if self.lease_lost.load(Ordering::Acquire) {
            return Some(Reason::LeaseLost);
        }
        self.reason.get().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason, Stop};

    #[test]
    fn the_first_reason_stays() {
        let stop = Stop::default();
        stop.request(Reason::Shutdown);
        stop.request(Reason::Cancelled);
        assert_eq!(stop.reason(), Some(Reason::Shutdown));
        assert!(stop.cancel.is_cancelled());
    }

    #[test]
    fn a_lost_lease_outdoes_an_earlier_reason() {
        let stop = Stop::default();
        stop.request(Reason::Shutdown);
        stop.request(Reason::LeaseLost);
        assert_eq!(stop.reason(), Some(Reason::LeaseLost));
    }
}
