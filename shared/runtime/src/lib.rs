//! The process's surroundings: environment, clock, identifiers, telemetry. Everything else is given these and never
//! reads them itself (`clippy.toml` says so). Knows nothing of beds, jobs or HTTP.

mod clock;
mod error;
mod ids;
mod machine;
pub mod settings;
pub mod telemetry;

pub use clock::{Clock, FixedClock, SharedClock, SystemClock};
pub use error::{Error, Malformed};
pub use ids::{Ids, SequentialIds, SharedIds, SystemIds};
pub use machine::Machine;
pub use settings::{Database, Queues, Settings, Uploads};
