//! Why serving could not start or went wrong. What callers see is [`crate::Problem`].

use std::io;
use std::net::SocketAddr;

/// The HTTP side cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// This listener speaks plain HTTP and knows one account: it is for this machine.
    #[error("refusing to listen on {0}: other machines could reach it")]
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
    /// Nothing could be said about who asks.
    #[error("LEITO_TOKEN_SECRET is missing: it signs the tokens of log-ins")]
    NoTokenSecret,
    /// The Lambda runtime interface broke.
    #[error("the lambda runtime stopped: {0}")]
    Lambda(String),
}
