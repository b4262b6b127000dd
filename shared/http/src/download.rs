//! Sending a stored file: whole or a range of it, or the address where it can be fetched.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use objects::{Objects, Range};
use store::usage_events::{self, Kind, NewUsage};
use tokio_util::io::ReaderStream;
use tracing::warn;
use uuid::Uuid;

use crate::{App, Code, Problem, etag};

/// A presigned address is used at once.
const LINK_LIFE: Duration = Duration::from_mins(5);

/// How files leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Downloads {
    /// Through this process.
    Stream,
    /// By a redirect to the object store: Lambda answers hold only a few megabytes.
    Redirect,
}

/// An immutable file in the object store.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// Its key.
    pub key: &'a str,
    /// The name it is saved under.
    pub name: &'a str,
    /// Its size.
    pub bytes: u64,
    /// Its hash, which is its entity tag.
    pub sha256: &'a str,
}

/// Answers a request for the file.
pub async fn answer(app: &App, file: Stored<'_>, asked: &HeaderMap) -> Result<Response, Problem> {
    match app.downloads {
        Downloads::Redirect => redirect(&app.objects, file.key, file.name).await,
        Downloads::Stream => stream(&app.objects, file, asked).await,
    }
}

/// Sends the caller to the object itself, which is saved under `name`.
pub(crate) async fn redirect(
    objects: &Objects,
    key: &str,
    name: &str,
) -> Result<Response, Problem> {
    let address = objects.presign_get(key, LINK_LIFE, name).await?;
    let headers = [
        (header::LOCATION, address),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::FOUND, headers).into_response())
}

/// Counts a download that was answered so, of so many bytes at most; the answer goes out whether or not that succeeds.
/// A range counts its bytes alone, so that a download that goes on after a break is one.
pub fn count<'a>(
    app: &'a App,
    user_id: Option<Uuid>,
    project_id: Uuid,
    response: &Response,
    bytes: i64,
) -> impl Future<Output = ()> + Send + use<'a> {
    let used = |kind, amount| NewUsage {
        user_id,
        project_id: Some(project_id),
        kind,
        amount,
    };
    // A response cannot be looked at across an await: its body is nobody's but its reader's.
    let used = match response.status() {
        StatusCode::OK | StatusCode::FOUND => {
            vec![used(Kind::Downloads, 1), used(Kind::BytesDownloaded, bytes)]
        }
        StatusCode::PARTIAL_CONTENT => vec![used(Kind::BytesDownloaded, length(response))],
        _ => Vec::new(),
    };
    async move {
        if used.is_empty() {
            return;
        }
        let counted = async {
            let client = app.store.client().await?;
            usage_events::insert(&client, &used).await
        };
        if let Err(error) = counted.await {
            warn!(%error, "a download was not counted");
        }
    }
}

fn length(response: &Response) -> i64 {
    let length = response.headers().get(header::CONTENT_LENGTH);
    length
        .and_then(|length| length.to_str().ok()?.parse().ok())
        .unwrap_or_default()
}

async fn stream(
    objects: &Objects,
    file: Stored<'_>,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", file.sha256);
    if etag::matches(&etag::known(asked), &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let range = wanted(asked, file.bytes, &tag)?;
    let download = objects.get_stream(file.key, range).await?;
    let length = download.head.bytes;
    let mut response = Body::from_stream(ReaderStream::new(download.into_reader())).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(objects::media_type(file.name)),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=31536000, immutable"),
    );
    put(headers, header::ETAG, &tag);
    put(
        headers,
        header::CONTENT_DISPOSITION,
        &disposition(file.name),
    );
    if let Some(Range { first, last }) = range {
        let last = last.unwrap_or(file.bytes - 1);
        put(
            headers,
            header::CONTENT_RANGE,
            &format!("bytes {first}-{last}/{}", file.bytes),
        );
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

pub(crate) fn put(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Always an attachment, so that no browser ever runs a file as a page of this site. A name is plain letters for old
/// clients, and percent-encoded for those that know RFC 6266.
pub(crate) fn disposition(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._- ".contains(letter);
    let ascii: String = name
        .chars()
        .map(|letter| if plain(letter) { letter } else { '_' })
        .collect();
    let exact: String = name.bytes().map(encoded).collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{exact}")
}

/// One byte of a name as RFC 5987 writes it.
fn encoded(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}

/// The range asked for, cut to the file. None means the whole file: also for what is not a single range of bytes, and
/// for a range of a version that the caller has and we do not.
fn wanted(asked: &HeaderMap, bytes: u64, tag: &str) -> Result<Option<Range>, Problem> {
    let text = |name| {
        asked
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if text(header::IF_RANGE).is_some_and(|version| version != tag) {
        return Ok(None);
    }
    let Some((first, last)) =
        text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")?.split_once('-'))
    else {
        return Ok(None);
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..=last.min(bytes.saturating_sub(1)),
        (Ok(first), Err(_)) if last.is_empty() => first..=bytes.saturating_sub(1),
        (Err(_), Ok(suffix)) if first.is_empty() => {
            bytes.saturating_sub(suffix)..=bytes.saturating_sub(1)
        }
        _ => return Ok(None),
    };
    if range.is_empty() || *range.start() >= bytes {
        let size = HeaderValue::from_str(&format!("bytes */{bytes}")).map_err(Problem::internal)?;
        let problem = Problem::new(
            Code::RangeNotSatisfiable,
            format!("the file has {bytes} bytes"),
        );
        return Err(problem.with_header(header::CONTENT_RANGE, size));
    }
    Ok(Some(Range {
        first: *range.start(),
        last: Some(*range.end()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &'static str, bytes: u64) -> Result<Option<(u64, u64)>, Code> {
        let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(text))]);
        let range = wanted(&headers, bytes, "\"tag\"").map_err(|problem| problem.code())?;
        Ok(range.map(|range| (range.first, range.last.unwrap_or(u64::MAX))))
    }

    #[test]
    fn a_range_is_cut_to_the_file() {
        assert_eq!(range("bytes=0-99", 1000), Ok(Some((0, 99))));
        assert_eq!(range("bytes=990-2000", 1000), Ok(Some((990, 999))));
        assert_eq!(range("bytes=990-", 1000), Ok(Some((990, 999))));
        assert_eq!(range("bytes=-10", 1000), Ok(Some((990, 999))));
        assert_eq!(range("bytes=-5000", 1000), Ok(Some((0, 999))));
    }

    #[test]
    fn a_range_without_a_byte_of_the_file_is_refused() {
        assert_eq!(range("bytes=1000-", 1000), Err(Code::RangeNotSatisfiable));
        assert_eq!(range("bytes=-0", 1000), Err(Code::RangeNotSatisfiable));
        assert_eq!(range("bytes=0-", 0), Err(Code::RangeNotSatisfiable));
        assert_eq!(range("bytes=-1", 0), Err(Code::RangeNotSatisfiable));
    }

    #[test]
    fn what_is_not_one_range_of_bytes_means_the_whole_file() {
        for text in [
            "bytes=5-2",
            "bytes=0-1,4-5",
            "lines=0-1",
            "bytes=a-b",
            "bytes=-",
            "bytes",
            "",
        ] {
            assert_eq!(range(text, 1000), Ok(None), "{text}");
        }
    }

    #[test]
    fn a_range_of_another_version_means_the_whole_file() {
        let mut headers =
            HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static("bytes=0-1"))]);
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"other\""));
        assert!(
            wanted(&headers, 10, "\"tag\"")
                .unwrap_or_else(|_| unreachable!("not refused"))
                .is_none()
        );
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        let header = disposition("a\"; x=\"ü.stl\r\n");
        let (ascii, exact) = header.split_once("; filename*=").unwrap_or_default();
        assert_eq!(ascii, "attachment; filename=\"a__ x___.stl__\"");
        assert_eq!(exact, "UTF-8''a%22%3B%20x%3D%22%C3%BC.stl%0D%0A");
    }
}
