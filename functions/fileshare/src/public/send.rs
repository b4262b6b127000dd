//! Sending a file of a link, or all files of a study in one archive, once for each download that is taken.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use leito_http::download::{self, Stored};
use leito_http::{App, Downloads, Problem, archive};
use serde_json::{Value, json};
use store::audits::{self, NewAudit};
use store::bed_files::File;
use store::fileshare_items::{self, Opened};
use store::usage_events::{self, Kind, NewUsage};

use super::visit::gone;

/// What is sent.
#[derive(Debug, Clone)]
pub(super) enum Parcel {
    /// One file.
    File(File),
    /// A study's files, as one archive of this name.
    Archive { name: String, files: Vec<File> },
}

impl Parcel {
    fn bytes(&self) -> i64 {
        match self {
            Self::File(file) => file.bytes,
            Self::Archive { files, .. } => archive::content_bytes(files),
        }
    }

    /// What is recorded of it.
    fn meta(&self) -> Value {
        match self {
            Self::File(file) => json!({ "file_id": file.id }),
            Self::Archive { files, .. } => json!({ "archive": "zip", "files": files.len() }),
        }
    }
}

/// Takes a download and sends what is wanted. That is made ready before: what cannot be sent is not counted, and nothing of
/// it leaves before the count is committed. Two that come for the last download wait for each other, and the second finds
/// none.
pub(super) async fn counted(
    app: &App,
    link: &Opened,
    parcel: &Parcel,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let response = ready(app, link, parcel, asked).await?;
    let status = response.status();
    if status == StatusCode::NOT_MODIFIED {
        return Ok(response);
    }
    let mut client = app.store.client().await?;
    let tx = client.transaction().await.map_err(store::Error::from)?;
    if !fileshare_items::count(&tx, link.id, app.clock.now()).await? {
        return Err(gone());
    }
    audits::insert(&tx, &audit(app, link, parcel)).await?;
    usage_events::insert(&tx, &used(link, parcel, status)).await?;
    tx.commit().await.map_err(store::Error::from)?;
    Ok(response)
}

/// Of a range neither is known: the whole download was counted when it began.
fn used(link: &Opened, parcel: &Parcel, status: StatusCode) -> Vec<NewUsage> {
    let whole = status != StatusCode::PARTIAL_CONTENT;
    let amounts = [
        (Kind::Downloads, 1),
        (Kind::BytesDownloaded, parcel.bytes()),
    ];
    amounts
        .into_iter()
        .filter(|_| whole)
        .map(|(kind, amount)| NewUsage {
            user_id: None,
            project_id: Some(link.project_id),
            kind,
            amount,
        })
        .collect()
}

/// Where downloads are limited, each is the whole of it.
async fn ready(
    app: &App,
    link: &Opened,
    parcel: &Parcel,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let is_limited = link.downloads_left.is_some();
    let whole = HeaderMap::new();
    let asked = if is_limited { &whole } else { asked };
    let mut response = match parcel {
        Parcel::File(file) => {
            let stored = Stored {
                key: &file.object_key,
                name: &file.name,
                bytes: u64::try_from(file.bytes).unwrap_or_default(),
                sha256: &file.sha256,
            };
            download::answer(app, stored, asked).await?
        }
        Parcel::Archive { name, files } => archive::answer(app, name, files, false, asked).await?,
    };
    if is_limited && app.downloads == Downloads::Stream {
        let headers = response.headers_mut();
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    }
    Ok(response)
}

/// What a download would be, without its content.
pub(super) fn head(parcel: &Parcel) -> Response {
    let (bytes, kind) = match parcel {
        Parcel::File(file) => (
            u64::try_from(file.bytes).unwrap_or_default(),
            file.content_type.as_str(),
        ),
        Parcel::Archive { files, .. } => (archive::bytes(files, false), archive::MEDIA_TYPE),
    };
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    if let Ok(kind) = HeaderValue::from_str(kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    response
}

/// The origin to which a download is redirected, if it is: a page's form must be allowed to end there.
pub(super) async fn elsewhere(app: &App) -> Result<Option<String>, Problem> {
    if app.downloads == Downloads::Stream {
        return Ok(None);
    }
    let address = app
        .objects
        .presign_get("any", Duration::from_secs(1), "any")
        .await?;
    let uri: Uri = address.parse().map_err(Problem::internal)?;
    let origin = uri.scheme().zip(uri.authority());
    Ok(origin.map(|(scheme, authority)| format!("{scheme}://{authority}")))
}

fn audit(app: &App, link: &Opened, parcel: &Parcel) -> NewAudit {
    NewAudit {
        id: app.ids.next(),
        kind: "share_link",
        action: "downloaded",
        target_id: Some(link.id),
        project_id: Some(link.project_id),
        submission_id: None,
        user_id: None,
        session_id: None,
        meta: parcel.meta(),
    }
}
