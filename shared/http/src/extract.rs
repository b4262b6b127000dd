//! What a handler takes from a request, with refusals that are problems.

mod content;
mod json;
mod path;
mod query;

pub use content::Content;
pub(crate) use json::read_body;
pub use json::{Json, MaybeJson, from_json};
pub use path::Path;
pub use query::Query;
