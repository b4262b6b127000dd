//! Why a running handler has to stop, decided once: the first reason stays.

use std::sync::OnceLock;

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
}

impl Stop {
    /// Asks the handler to stop.
    pub fn request(&self, reason: Reason) {
        // A later reason changes nothing: the handler is stopping already.
        let _ = self.reason.set(reason);
        self.cancel.cancel();
    }

    /// The reason, once there is one.
    pub fn reason(&self) -> Option<Reason> {
        self.reason.get().copied()
    }
}
