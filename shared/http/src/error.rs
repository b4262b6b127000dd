//! Why serving could not start or went wrong. What callers see is [`crate::Problem`].

use std::io;
use std::net::SocketAddr;

/// The HTTP side cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Without accounts, nothing is served to other machines.
    #[error(
        "refusing to listen on {0}: other machines could reach it, and there are no accounts yet"
    )]
    NotLoopback(SocketAddr),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// The listener broke.
    #[error("the listener stopped")]
    Listen(#[from] io::Error),
    /// The services that the environment describes cannot be used.
    #[error(transparent)]
    Parts(#[from] worker::Error),
    /// The Lambda runtime interface broke.
    #[error("the lambda runtime stopped: {0}")]
    Lambda(String),
}
