//! How large a file may be that somebody uploads, and the parts it comes in.

use super::read::Reader;
use crate::Error;

const MIB: u64 = 1024 * 1024;
/// S3 refuses smaller parts, except the last one.
const SMALLEST_PART: u64 = 5 * MIB;
const LARGEST_PART: u64 = 5 * 1024 * MIB;
const LARGEST_OBJECT: u64 = 5 * 1024 * 1024 * MIB;
/// S3 takes no more parts of one object.
const MOST_PARTS: u64 = 10_000;

/// Bounds on uploads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploads {
    /// `UPLOAD_MAX_SIZE` in bytes: the largest file. A gigabyte when not said: a deployed function reads the whole of it
    /// again within the half minute that the gateway waits.
    pub max_bytes: u64,
    /// `UPLOAD_CHUNK_SIZE` in bytes: the parts in which a large file is sent; S3 takes 5 MiB to 5 GiB.
    pub chunk_bytes: u64,
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            max_bytes: 1024 * MIB,
            chunk_bytes: 16 * MIB,
        }
    }
}

impl Uploads {
    /// Reads the process's environment for these two alone: a machine that runs everything itself is told the rest by
    /// its command line.
    #[expect(
        clippy::disallowed_methods,
        reason = "this crate is the one place that reads the environment"
    )]
    pub fn from_env() -> Result<Self, Error> {
        let mut vars = Reader::new(|name| match std::env::var_os(name) {
            None => Ok(None),
            Some(value) => value
                .into_string()
                .map(Some)
                .map_err(|_| "is not valid Unicode".to_owned()),
        });
        let uploads = read(&mut vars);
        vars.finish(uploads)
    }
}

/// Reads both; a largest file that needs more parts than S3 takes is a contradiction.
pub(super) fn read(vars: &mut Reader) -> Uploads {
    const MAX: &str = "UPLOAD_MAX_SIZE";
    const CHUNK: &str = "UPLOAD_CHUNK_SIZE";
    let default = Uploads::default();
    let uploads = Uploads {
        max_bytes: vars
            .whole(MAX, 1..=LARGEST_OBJECT)
            .unwrap_or(default.max_bytes),
        chunk_bytes: vars
            .whole(CHUNK, SMALLEST_PART..=LARGEST_PART)
            .unwrap_or(default.chunk_bytes),
    };
    if uploads.max_bytes.div_ceil(uploads.chunk_bytes) > MOST_PARTS {
        let least = uploads.max_bytes.div_ceil(MOST_PARTS);
        vars.refuse_unless_told::<()>(
            CHUNK,
            format!("is too small for {MAX}: a file of that size needs {MOST_PARTS} parts of {least} bytes"),
        );
    }
    uploads
}
