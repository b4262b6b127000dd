//! Stored files on their way out: whole, in parts, as an address, and many of them as one archive.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Request};
use axum::response::Response;
use axum::routing::get as on_get;
use jiff::Timestamp;
use leito_http::download::{self, Stored};
use leito_http::testing::{Answer, get, send};
use leito_http::{App, Problem, archive};
use store::bed_files::File;
use testkit::rows;
use uuid::Uuid;

use crate::parts::{World, world};

const CONTENT: &[u8] = b"z,eps\n0,1\n1,0.4\n";
const HASH: &str = "f0e4";

/// The toy route sends one file, and counts that.
async fn file(State(app): State<App>, asked: HeaderMap) -> Result<Response, Problem> {
    let stored = Stored {
        key: "files/profile.csv",
        name: "profil é.csv",
        bytes: CONTENT.len() as u64,
        sha256: HASH,
    };
    let response = download::answer(&app, stored, &asked).await?;
    let bytes = i64::try_from(CONTENT.len()).unwrap();
    let counting = download::count(&app, Some(rows::USER), rows::PROJECT, &response, bytes);
    counting.await;
    Ok(response)
}

fn stored(number: u128, name: &str) -> File {
    File {
        id: Uuid::from_u128(number),
        bed_id: Uuid::from_u128(1),
        simulation_id: None,
        kind: "table".to_owned(),
        name: name.to_owned(),
        object_key: "files/profile.csv".to_owned(),
        content_type: "text/csv".to_owned(),
        bytes: i64::try_from(CONTENT.len()).unwrap(),
        sha256: "d".repeat(64),
        unpacked: None,
        created_at: Timestamp::from_second(1_700_000_000).unwrap(),
    }
}

async fn zip(State(app): State<App>, asked: HeaderMap) -> Result<Response, Problem> {
    let files = [stored(1, "profile.csv"), stored(2, "profile.csv")];
    assert!(archive::bytes(&files, false) > 2 * CONTENT.len() as u64);
    archive::answer(&app, "study.zip", &files, false, &asked).await
}

async fn too_many(State(app): State<App>, asked: HeaderMap) -> Result<Response, Problem> {
    let files = vec![stored(1, "profile.csv"); archive::MOST_FILES + 1];
    archive::answer(&app, "study.zip", &files, false, &asked).await
}

async fn too_large(State(app): State<App>, asked: HeaderMap) -> Result<Response, Problem> {
    let huge = File {
        bytes: 2 * 1024 * 1024 * 1024,
        ..stored(1, "fields.bin")
    };
    archive::answer(&app, "study.zip", &[huge], false, &asked).await
}

fn toys() -> Router<App> {
    Router::new()
        .route("/file", on_get(file))
        .route("/zip", on_get(zip))
        .route("/too-many", on_get(too_many))
        .route("/too-large", on_get(too_large))
}

async fn with_file() -> World {
    let world = world().await;
    let put = world
        .app
        .objects
        .put_bytes("files/profile.csv", CONTENT.to_vec());
    put.await.unwrap();
    world
}

async fn asked(router: &Router, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| {
            request.header(*name, *value)
        });
    send(router, request.body("".into()).unwrap()).await
}

const FILE: &str = "/api/v1/file";

#[tokio::test]
async fn a_file_is_sent_whole_under_its_name_and_never_shown_as_a_page() {
    let world = with_file().await;
    let whole = asked(&world.around(toys()), FILE, &[]).await;
    assert_eq!(
        (whole.status.as_u16(), whole.body.as_slice()),
        (200, CONTENT)
    );
    assert_eq!(whole.header("content-type"), "text/csv");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let named = "attachment; filename=\"profil _.csv\"; filename*=UTF-8''profil%20%C3%A9.csv";
    assert_eq!(whole.header("content-disposition"), named);
}

#[tokio::test]
async fn a_range_of_a_file_is_sent_alone() {
    let world = with_file().await;
    let router = world.around(toys());
    let size = CONTENT.len();
    for (range, body, said) in [
        ("bytes=0-1", &CONTENT[..2], format!("bytes 0-1/{size}")),
        (
            "bytes=6-",
            &CONTENT[6..],
            format!("bytes 6-{}/{size}", size - 1),
        ),
        (
            "bytes=-4",
            &CONTENT[size - 4..],
            format!("bytes {}-{}/{size}", size - 4, size - 1),
        ),
        (
            "bytes=3-900",
            &CONTENT[3..],
            format!("bytes 3-{}/{size}", size - 1),
        ),
    ] {
        let part = asked(&router, FILE, &[("range", range)]).await;
        assert_eq!(
            (part.status.as_u16(), part.body.as_slice()),
            (206, body),
            "{range}"
        );
        assert_eq!(part.header("content-range"), said);
    }
    for whole in ["lines=1-2", "bytes=2-1", "bytes=x-y"] {
        let answer = asked(&router, FILE, &[("range", whole)]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_slice()),
            (200, CONTENT),
            "{whole}"
        );
    }
    let other = asked(
        &router,
        FILE,
        &[("range", "bytes=0-1"), ("if-range", "\"old\"")],
    )
    .await;
    assert_eq!((other.status.as_u16(), other.body.len()), (200, size));
    let outside = asked(&router, FILE, &[("range", "bytes=900-")]).await;
    outside.is_problem(416, "range_not_satisfiable");
    assert_eq!(outside.header("content-range"), format!("bytes */{size}"));
}

#[tokio::test]
async fn whoever_has_the_file_already_is_told_so() {
    let world = with_file().await;
    let tag = format!("\"{HASH}\"");
    let known = asked(&world.around(toys()), FILE, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
}

#[tokio::test]
async fn what_was_downloaded_is_counted_once_however_many_parts_it_came_in() {
    let world = with_file().await;
    let router = world.around(toys());
    asked(&router, FILE, &[]).await;
    asked(&router, FILE, &[("range", "bytes=0-1")]).await;
    asked(&router, FILE, &[("if-none-match", &format!("\"{HASH}\""))]).await;
    let sum = |kind| {
        format!("SELECT coalesce(sum(amount), 0)::bigint FROM usage_events WHERE kind = '{kind}'")
    };
    assert_eq!(world.count(&sum("downloads")).await, 1);
    let bytes = i64::try_from(CONTENT.len()).unwrap() + 2;
    assert_eq!(world.count(&sum("bytes_downloaded")).await, bytes);
}

#[tokio::test]
async fn where_answers_are_small_a_file_and_an_archive_are_an_address() {
    let mut world = with_file().await;
    world.app = world.app.clone().on_lambda();
    let router = world.around(toys());
    for path in [FILE, "/api/v1/zip", "/api/v1/zip"] {
        let sent = asked(&router, path, &[]).await;
        assert_eq!(
            (sent.status.as_u16(), sent.header("cache-control")),
            (302, "no-store"),
            "{path}"
        );
        assert!(
            sent.header("location").starts_with("http://127.0.0.1:"),
            "{path}"
        );
    }
    let made = world.app.objects.list("archives/").await.unwrap();
    assert_eq!(made.len(), 1, "the same archive is made once");
    let buried = "SELECT count(*) FROM object_tombstones WHERE object_key LIKE 'archives/%'";
    assert_eq!(world.count(buried).await, 1);
    let large = asked(&router, "/api/v1/too-large", &[]).await;
    large.is_problem(422, "archive_too_large");
}

#[tokio::test]
async fn an_archive_is_written_while_it_is_read_and_known_again() {
    let world = with_file().await;
    let router = world.around(toys());
    let whole = asked(&router, "/api/v1/zip", &[]).await;
    assert_eq!(
        (whole.status.as_u16(), whole.header("content-type")),
        (200, "application/zip")
    );
    assert_eq!(whole.header("content-length"), whole.body.len().to_string());
    let holds = |part: &[u8]| whole.body.windows(part.len()).any(|at| at == part);
    assert!(whole.body.starts_with(b"PK") && holds(CONTENT) && holds(b"profile.csv"));
    let tag = whole.header("etag").to_owned();
    let known = asked(&router, "/api/v1/zip", &[("if-none-match", &tag)]).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let many = send(&router, get("/api/v1/too-many")).await;
    many.is_problem(422, "archive_too_large");
}

#[tokio::test]
async fn a_file_that_the_store_lost_is_a_fault_of_ours() {
    let world = world().await;
    let lost = asked(&world.around(toys()), FILE, &[]).await;
    assert!(lost.status.is_server_error(), "{lost:?}");
    assert!(
        !String::from_utf8(lost.body)
            .unwrap()
            .contains("files/profile.csv")
    );
}
