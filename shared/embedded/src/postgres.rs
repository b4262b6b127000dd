//! A Postgres cluster of our own, run by the machine's binaries with its data in one folder.
//! Knows processes and files, never what is stored; listens on a Unix socket and on 127.0.0.1, nowhere else.
//!
//! Who may connect: through the socket, the operating system's user that started it, which the kernel vouches for
//! (`peer`); over TCP, who knows the password in `postgres.password`, which never travels (SCRAM).

mod binaries;
mod cluster;
mod owner;
mod server;
mod shared;

pub use binaries::program;
pub use server::{Postgres, PostgresSettings};
pub use shared::{SharedPostgres, shared};
