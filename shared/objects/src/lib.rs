//! S3: putting files in, getting them out, in pieces that fit in memory whatever the file's size.
//! Knows nothing of jobs or of Postgres.

mod admin;
mod archive;
mod delete;
mod download;
mod error;
pub mod gzip;
mod hashing;
mod keys;
mod list;
mod parts;
mod settings;
mod upload;

pub use archive::{Archive, Entry};
pub use aws::Endpoint;
pub use download::{Download, Range};
pub use error::Error;
pub use gzip::Unpacked;
pub use hashing::Hashing;
pub use keys::{artifact_key, media_type};
pub use parts::{MOST_PARTS, Part};
pub use settings::Settings;

use aws_sdk_s3::Client;
use jiff::Timestamp;

/// A connection to one bucket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Objects {
    client: Client,
    bucket: String,
    part_bytes: u64,
}

/// What is known of a stored object after writing or reading all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Key in the bucket.
    pub key: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 of the content, lower-case hexadecimal.
    pub sha256: String,
}

/// What the store says about an object without sending it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Size.
    pub bytes: u64,
    /// Media type given when it was put.
    pub content_type: Option<String>,
    /// The store's entity tag, quotes included.
    pub etag: Option<String>,
    /// When it was put.
    pub modified: Option<Timestamp>,
}

impl Objects {
    /// Makes the client. Nothing is sent: a wrong address shows at the first call.
    pub async fn connect(settings: &Settings) -> Self {
        Self {
            client: settings.client().await,
            bucket: settings.bucket.clone(),
            part_bytes: settings.part_bytes.max(settings::SMALLEST_PART_BYTES),
        }
    }

    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }
}
