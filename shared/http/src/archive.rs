//! Sending many stored files as one zip. The names in it are those of the files, made safe for every system; what is stored
//! compressed is in it under the name and as the content that it unpacks to.
//!
//! Where answers may be long the archive is written while it is read. Where they may not (Lambda) it is written into the
//! object store first, under the hash of its list of files, and the caller is sent there; its key is buried as soon as
//! it is made, so the clean-up removes it when nobody has asked for it for a while.

mod names;

use std::io::ErrorKind::BrokenPipe;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use objects::{Archive, Entry};
use sha2::{Digest, Sha256};
use store::bed_files::File;
use store::object_tombstones;
use tokio_util::io::ReaderStream;
use tracing::{debug, warn};

use crate::download::{disposition, put, redirect};
use crate::{App, Code, Downloads, Problem, etag};

/// More files than that are asked for one by one.
pub const MOST_FILES: usize = 10_000;
/// What a deployed function writes into the object store within its half minute.
const MOST_BYTES_ON_LAMBDA: u64 = 1024 * 1024 * 1024;
/// What is in memory of an archive beside the piece that is read: the writer waits for the reader.
const PIPE_BYTES: usize = 256 * 1024;
/// What an archive is.
pub const MEDIA_TYPE: &str = "application/zip";

/// Answers with all of these files as one archive called `name`; files of a simulation lie in a folder of its id if
/// `folders` says so.
pub async fn answer(
    app: &App,
    name: &str,
    files: &[File],
    folders: bool,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    if files.len() > MOST_FILES {
        let detail =
            format!("an archive holds at most {MOST_FILES} files; download them one by one");
        return Err(Problem::new(Code::ArchiveTooLarge, detail));
    }
    let archive = Archive {
        entries: entries(files, folders),
    };
    let hash = hash(&archive, files);
    match app.downloads {
        // Boxed: the calls of the AWS SDK are tens of kilobytes of state.
        Downloads::Redirect => Box::pin(by_redirect(app, name, &archive, &hash)).await,
        Downloads::Stream => Ok(streamed(app, name, archive, &hash, asked)),
    }
}

/// The size of the archive that [`answer`] gives.
pub fn bytes(files: &[File], folders: bool) -> u64 {
    let entries = entries(files, folders);
    Archive { entries }.bytes()
}

/// The bytes that an archive of these files holds, without what the format adds.
pub fn content_bytes(files: &[File]) -> i64 {
    files.iter().map(|file| file.bytes).sum()
}

fn entries(files: &[File], folders: bool) -> Vec<Entry> {
    let paths = names::of(files.iter().map(|file| {
        let folder = file.simulation_id.filter(|_| folders);
        (folder, file.content_name())
    }));
    let entry = |(file, name): (&File, String)| Entry {
        name,
        key: file.object_key.clone(),
        bytes: u64::try_from(file.bytes).unwrap_or_default(),
        unpacked_bytes: unpacked_bytes(file),
        modified: file.created_at,
    };
    files.iter().zip(paths).map(entry).collect()
}

fn unpacked_bytes(file: &File) -> Option<u64> {
    let content = file.unpacked.as_ref()?;
    u64::try_from(content.bytes).ok()
}

/// Says which archive this is: what it is called plays no part.
fn hash(archive: &Archive, files: &[File]) -> String {
    let mut hash = Sha256::new();
    for (entry, file) in archive.entries.iter().zip(files) {
        hash.update(entry.name.as_bytes());
        hash.update([0]);
        hash.update(file.sha256.as_bytes());
        hash.update(entry.modified.as_second().to_le_bytes());
    }
    hex::encode(hash.finalize())
}

fn streamed(app: &App, name: &str, archive: Archive, hash: &str, asked: &HeaderMap) -> Response {
    let tag = format!("\"{hash}\"");
    if etag::matches(&etag::known(asked), &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let bytes = archive.bytes();
    let mut response = body(app, archive).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    put(headers, header::ETAG, &tag);
    put(headers, header::CONTENT_DISPOSITION, &disposition(name));
    response
}

/// An archive that breaks off ends the connection with an error, not as if it were whole.
fn body(app: &App, archive: Archive) -> Body {
    let (mut sink, pipe) = tokio::io::duplex(PIPE_BYTES);
    let objects = app.objects.clone();
    let writing = tokio::spawn(async move {
        let written = objects.write_archive(&archive, &mut sink).await;
        written.inspect_err(|error| match error {
            objects::Error::Interrupted { source, .. } if source.kind() == BrokenPipe => {
                debug!("the reader of an archive went away");
            }
            error => warn!(%error, "an archive breaks off"),
        })
    });
    let end = stream::once(writing).filter_map(async |ended| match ended {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(Err(std::io::Error::other(error))),
        Err(error) => Some(Err(error.into())),
    });
    Body::from_stream(ReaderStream::new(pipe).chain(end))
}

async fn by_redirect(
    app: &App,
    name: &str,
    archive: &Archive,
    hash: &str,
) -> Result<Response, Problem> {
    let bytes = archive.bytes();
    if bytes > MOST_BYTES_ON_LAMBDA {
        let detail = format!(
            "the archive would have {bytes} bytes, more than {MOST_BYTES_ON_LAMBDA}; download the files one by one"
        );
        return Err(Problem::new(Code::ArchiveTooLarge, detail));
    }
    let key = format!("archives/{hash}.zip");
    let client = app.store.client().await?;
    object_tombstones::bury(&client, std::slice::from_ref(&key)).await?;
    drop(client);
    if app.objects.head(&key).await?.is_none() {
        Box::pin(store(app, archive, &key, bytes)).await?;
    }
    redirect(&app.objects, &key, name).await
}

async fn store(app: &App, archive: &Archive, key: &str, bytes: u64) -> Result<(), Problem> {
    let (mut sink, pipe) = tokio::io::duplex(PIPE_BYTES);
    let writing = async move { app.objects.write_archive(archive, &mut sink).await };
    let putting = app.objects.put_stream(key, MEDIA_TYPE, bytes, pipe);
    // When writing fails, putting is dropped before it could take the end of the pipe for that of an archive; the
    // parts that were sent go with the bucket's lifecycle rule.
    tokio::try_join!(writing, putting)?;
    Ok(())
}
