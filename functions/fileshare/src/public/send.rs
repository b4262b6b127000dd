//! Sending a file of a link, once for each download that is taken.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use leito_http::download::{self, Stored};
use leito_http::{App, Downloads, Problem};
use serde_json::json;
use store::audits::{self, NewAudit};
use store::bed_files::File;
use store::fileshare_items::{self, Opened};
use store::usage_events::{self, Kind, NewUsage};

use super::visit::gone;

/// Takes a download and sends the file. What cannot be sent is not counted: the count is committed once the object
/// store has answered. Two that come for the last download wait for each other, and the second finds none.
pub(super) async fn counted(
    app: &App,
    link: &Opened,
    file: &File,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = client.transaction().await.map_err(store::Error::from)?;
    if !fileshare_items::count(&tx, link.id, app.clock.now()).await? {
        return Err(gone());
    }
    audits::insert(&tx, &audit(app, link, file)).await?;
    let response = sent(app, link, file, asked).await?;
    if response.status() == StatusCode::NOT_MODIFIED {
        return Ok(response);
    }
    usage_events::insert(&tx, &used(link, file, response.status())).await?;
    tx.commit().await.map_err(store::Error::from)?;
    Ok(response)
}

/// Of a range neither is known: the whole download was counted when it began.
fn used(link: &Opened, file: &File, status: StatusCode) -> Vec<NewUsage> {
    let whole = status != StatusCode::PARTIAL_CONTENT;
    [(Kind::Downloads, 1), (Kind::BytesDownloaded, file.bytes)]
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

/// Where downloads are limited, each is the whole file.
async fn sent(
    app: &App,
    link: &Opened,
    file: &File,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let is_limited = link.downloads_left.is_some();
    let whole = HeaderMap::new();
    let asked = if is_limited { &whole } else { asked };
    let stored = Stored {
        key: &file.object_key,
        name: &file.name,
        bytes: u64::try_from(file.bytes).unwrap_or_default(),
        sha256: &file.sha256,
    };
    let mut response = download::answer(app, stored, asked).await?;
    if is_limited && app.downloads == Downloads::Stream {
        let headers = response.headers_mut();
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    }
    Ok(response)
}

/// What a download of the file would be, without its content.
pub(super) fn head(file: &File) -> Response {
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.bytes));
    if let Ok(kind) = HeaderValue::from_str(&file.content_type) {
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

fn audit(app: &App, link: &Opened, file: &File) -> NewAudit {
    NewAudit {
        id: app.ids.next(),
        kind: "share_link",
        action: "downloaded",
        target_id: Some(link.id),
        project_id: Some(link.project_id),
        submission_id: None,
        user_id: None,
        session_id: None,
        meta: json!({ "file_id": file.id }),
    }
}
