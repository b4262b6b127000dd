//! `GET /s/{token}` and `POST /s/{token}`: what a share link leads to, for a browser and for programs.
//!
//! A link that is unknown, expired, revoked or used up gives one and the same answer, after one and the same statement.
//! Looking costs no download; what sends content takes one, in the transaction that also records it.

mod page;
mod send;
mod study;
mod visit;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use leito_http::{App, Path, Problem, Query};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use visit::{Ask, Visit};

/// Which part of a study. Anything else in the query is left alone: mail programs add to links.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Wanted {
    /// The file of a study to download.
    file: Option<Uuid>,
    /// All files of a study in one archive.
    archive: Option<Archive>,
}

/// The form of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Archive {
    /// A zip file.
    Zip,
}

/// What the page's form sends.
#[derive(Debug, Default, ToSchema)]
#[expect(dead_code, reason = "read by hand: this describes the form")]
pub struct Form {
    /// The link's password.
    password: Option<String>,
    /// The file of a study to download.
    file: Option<Uuid>,
    /// All files of a study in one archive.
    archive: Option<Archive>,
}

/// What a share link leads to.
///
/// A browser (`Accept: text/html`) gets a page with a button. Anything else gets the file itself, or of a study its numbers
/// and the list of its files; `?file=` is one of them, `?archive=zip` all of them, which counts as one download. Needs no
/// account. A link that asks for a password takes it by POST.
///
/// A download is counted when content is sent. A link with a limited number of downloads sends whole files alone: `Range`
/// is not looked at, because each part would be a download. Other links serve ranges. HEAD is free.
#[utoipa::path(
    get, path = "/s/{token}", tag = "share links", security(()),
    params(("token" = String, Path, description = "The token, as it was shown when the link was made"), Wanted),
    responses(
        (status = 200, description = "The page, the file, or what a study holds", content(
            ("*/*"), ("text/html"), (study::Study = "application/json"),
        )),
        (status = 206, description = "The range", content_type = "*/*", body = Vec<u8>),
        (status = 302, description = "Where the file is, for some minutes"),
        (status = 304, description = "The caller has it"),
        (status = 403, description = "The link asks for a password (`password_required`)"),
        (status = 404, description = "There is no such link, or not any more"),
        (status = 416, description = "The file has no such bytes (`range_not_satisfiable`)"),
        (status = 422, description = "Too many files for an archive, or too large together (`archive_too_large`)"),
        (status = 429, description = "Too many requests without the password (`rate_limited`)"),
    ),
)]
pub async fn open_share_link(
    State(app): State<App>,
    method: Method,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let ask = match (wanted.archive, wanted.file, wants_page(&headers)) {
        (Some(Archive::Zip), ..) => Ask::Archive,
        (None, Some(file), _) => Ask::Content(Some(file)),
        (None, None, true) => Ask::Page,
        (None, None, false) => Ask::Content(None),
    };
    let visit = Visit {
        app: &app,
        token: &token,
        ask,
        password: None,
        headers: &headers,
        is_head: method == Method::HEAD,
    };
    answer(&visit).await
}

/// Open a share link with its password, or press the page's button.
///
/// The body is a form: `curl -L -d password=… ADDRESS`. A password that is wrong takes no download; ten wrong ones in a
/// quarter of an hour close the link for the rest of it.
#[utoipa::path(
    post, path = "/s/{token}", tag = "share links", security(()),
    params(("token" = String, Path, description = "The token, as it was shown when the link was made")),
    request_body(content = Form, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The file, or what a study holds", content(
            ("*/*"), ("text/html"), (study::Study = "application/json"),
        )),
        (status = 206, description = "The range", content_type = "*/*", body = Vec<u8>),
        (status = 302, description = "Where the file is, for some minutes"),
        (status = 403, description = "The password is missing (`password_required`) or wrong (`wrong_password`)"),
        (status = 404, description = "There is no such link, or not any more"),
        (status = 416, description = "The file has no such bytes (`range_not_satisfiable`)"),
        (status = 422, description = "Too many files for an archive, or too large together (`archive_too_large`)"),
        (status = 429, description = "Too many wrong passwords (`rate_limited`)"),
    ),
)]
pub async fn unlock_share_link(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let field = |name: &str| {
        form_urlencoded::parse(&body)
            .find(|(field, value)| field == name && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    };
    let ask = match field("archive") {
        Some(form) if form == "zip" => Ask::Archive,
        _ => Ask::Content(field("file").and_then(|id| id.parse().ok())),
    };
    let visit = Visit {
        app: &app,
        token: &token,
        ask,
        password: field("password"),
        headers: &headers,
        is_head: false,
    };
    answer(&visit).await
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.to_ascii_lowercase().contains("text/html"))
}

/// Nothing of this is kept anywhere, found by search engines, or told to other sites.
async fn answer(visit: &Visit<'_>) -> Response {
    let mut response = match visit.answer().await {
        Ok(response) => response,
        Err(problem) => refusal(visit, problem).await,
    };
    let headers = response.headers_mut();
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::VARY, "accept"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        "x-robots-tag",
        HeaderValue::from_static("noindex, nofollow"),
    );
    response
}

/// The problem, for a browser as a page with the problem's own status and headers.
async fn refusal(visit: &Visit<'_>, problem: Problem) -> Response {
    let page = page::refusal(&problem).filter(|_| wants_page(visit.headers));
    let plain = problem.into_response();
    let Some(page) = page else {
        return plain;
    };
    match visit.show(page).await {
        Ok(mut response) => {
            *response.status_mut() = plain.status();
            if let Some(wait) = plain.headers().get(header::RETRY_AFTER) {
                let headers = response.headers_mut();
                headers.insert(header::RETRY_AFTER, wait.clone());
            }
            response
        }
        Err(worse) => worse.into_response(),
    }
}
