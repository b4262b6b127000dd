//! What `template.yaml` says, held to what the crates, the document of the API and the tables in `docs/` say. Quick: the
//! templates are expanded as CloudFormation does it, and read.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alarms;
mod closed;
mod connections;
mod cost;
mod crates;
mod environment;
mod expanded;
mod policies;
mod routes;
mod timeouts;
mod watch;
