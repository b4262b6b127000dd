//! Everything that is the same for every HTTP function: state, problems, extractors, idempotency, entity tags, limits,
//! `OpenAPI`, and serving one router on Lambda or on this machine. Knows no route.

mod address;
mod app;
pub mod archive;
pub mod auth;
pub mod download;
mod edge;
mod error;
mod etag;
mod extract;
mod gone;
mod idempotency;
mod limits;
mod loopback;
pub mod openapi;
mod page;
pub mod paging;
pub mod password;
mod problem;
mod router;
pub mod secret;
pub mod serve;
mod sessions;
#[cfg(feature = "testing")]
pub mod testing;
pub mod throttle;
pub mod traffic;
mod version;

pub use address::Address;
pub use app::{App, AppParts};
pub use auth::{Actor, Person, Tokens};
pub use download::Downloads;
pub use edge::{REQUEST_ID, RequestId};
pub use error::Error;
pub use extract::{Content, Json, MaybeJson, Path, Query, from_json};
pub use gone::Gone;
pub use idempotency::{Answer, Change};
pub use limits::{MAX_BODY_BYTES, MAX_DIRECT_UPLOAD_BYTES, MAX_WAIT};
pub use page::Page;
pub use problem::{Code, FieldError, MEDIA_TYPE, Problem};
pub use router::{BASE_PATH, Routes, service};
pub use sessions::Sessions;
pub use traffic::Traffic;
pub use version::{IfMatch, Versioned};
