//! in process, on a real Postgres.
