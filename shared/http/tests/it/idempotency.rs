//! A POST with `Idempotency-Key` is carried out once, however often it is sent.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::post as on_post;
use leito_http::testing::{post, send};
use leito_http::{Answer, App, Change, Code, Json, Problem};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::parts::{World, world};

#[derive(Debug, Serialize, Deserialize)]
struct Note {
    text: String,
}

/// What the toy routes do: one row a note.
async fn written(
    app: &App,
    change: &Change,
    note: &Note,
    answer: Answer,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let insert = "INSERT INTO rate_limits (bucket, window_start, requests) VALUES ($1, clock_timestamp(), 1)";
    let inserted = tx.execute(insert, &[&note.text]).await;
    inserted.map_err(store::Error::from)?;
    if note.text == "bad" {
        return Err(Problem::new(Code::InvalidBody, "a bad note"));
    }
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

async fn write(
    State(app): State<App>,
    change: Change,
    Json(note): Json<Note>,
) -> Result<Response, Problem> {
    let answer = Answer::created("/notes/1", &note)?.versioned(3);
    written(&app, &change, &note, answer).await
}

async fn start(
    State(app): State<App>,
    change: Change,
    Json(note): Json<Note>,
) -> Result<Response, Problem> {
    let answer = Answer::accepted("/notes/1", &note)?;
    written(&app, &change, &note, answer).await
}

async fn secret(
    State(app): State<App>,
    change: Change,
    Json(note): Json<Note>,
) -> Result<Response, Problem> {
    let answer = Answer::ok(&note)?.shown_once();
    written(&app, &change, &note, answer).await
}

fn toys() -> Router<App> {
    Router::new()
        .route("/notes", on_post(write))
        .route("/started", on_post(start))
        .route("/secrets", on_post(secret))
}

const NOTES: &str = "/api/v1/notes";
const HELLO: &str = r#"{"text":"hello"}"#;

fn keyed(path: &str, key: &str, body: &'static str) -> Request<Body> {
    let mut request = post(path, body);
    let key = key.parse().unwrap();
    request.headers_mut().insert("idempotency-key", key);
    request
}

async fn notes(world: &World) -> i64 {
    world.count("SELECT count(*) FROM rate_limits").await
}

#[tokio::test]
async fn the_same_request_again_gets_the_first_answer_and_does_nothing() {
    let world = world().await;
    let router = world.around(toys());
    for (path, status) in [(NOTES, 201), ("/api/v1/started", 202)] {
        let before = notes(&world).await;
        let first = send(&router, keyed(path, "k1", HELLO)).await;
        first.is(status);
        assert_eq!(first.header("idempotency-replayed"), "");
        let again = send(&router, keyed(path, "k1", HELLO)).await;
        again.is(status);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.body, first.body);
        for name in ["location", "etag", "content-type"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
        assert_eq!(notes(&world).await, before + 1);
    }
}

#[tokio::test]
async fn without_a_key_and_with_another_one_it_is_another_request() {
    let world = world().await;
    let router = world.around(toys());
    send(&router, post(NOTES, HELLO)).await.is(201);
    send(&router, keyed(NOTES, "k1", HELLO)).await.is(201);
    send(&router, keyed(NOTES, "k2", HELLO)).await.is(201);
    send(&router, keyed("/api/v1/started", "k1", HELLO))
        .await
        .is(202);
    assert_eq!(notes(&world).await, 4);
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let world = world().await;
    let router = world.around(toys());
    send(&router, keyed(NOTES, "k1", HELLO)).await.is(201);
    let other = keyed(NOTES, "k1", r#"{"text":"good bye"}"#);
    send(&router, other).await.is_problem(422, "key_reused");
    assert_eq!(notes(&world).await, 1);
}

#[tokio::test]
async fn a_request_that_was_refused_changed_nothing_and_its_key_may_be_used_again() {
    let world = world().await;
    let router = world.around(toys());
    let bad = keyed(NOTES, "k1", r#"{"text":"bad"}"#);
    send(&router, bad).await.is_problem(422, "invalid_body");
    assert_eq!(notes(&world).await, 0);
    send(&router, keyed(NOTES, "k1", HELLO)).await.is(201);
    assert_eq!(notes(&world).await, 1);
}

#[tokio::test]
async fn an_answer_with_a_secret_is_given_once() {
    let world = world().await;
    let router = world.around(toys());
    let first = send(&router, keyed("/api/v1/secrets", "k1", HELLO)).await;
    assert_eq!(
        (
            first.is(200)["text"].as_str(),
            first.header("cache-control")
        ),
        (Some("hello"), "no-store")
    );
    let again = send(&router, keyed("/api/v1/secrets", "k1", HELLO)).await;
    again.is_problem(409, "already_answered");
    let kept =
        "SELECT count(*) FROM idempotency_keys WHERE convert_from(body, 'UTF8') LIKE '%hello%'";
    assert_eq!(world.count(kept).await, 0);
}

#[tokio::test]
async fn while_the_first_request_is_carried_out_a_second_one_is_told_to_wait() {
    let world = world().await;
    let (begun, may_end) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let gates = (Arc::clone(&begun), Arc::clone(&may_end));
    let slow = Router::new().route(
        "/slow",
        on_post(
            async move |State(app): State<App>, change: Change, Json(note): Json<Note>| {
                gates.0.add_permits(1);
                gates.1.acquire().await.unwrap().forget();
                written(&app, &change, &note, Answer::no_content()).await
            },
        ),
    );
    let router = world.around(slow);
    let first = {
        let router = router.clone();
        tokio::spawn(async move { send(&router, keyed("/api/v1/slow", "k1", HELLO)).await })
    };
    begun.acquire().await.unwrap().forget();
    let second = send(&router, keyed("/api/v1/slow", "k1", HELLO)).await;
    second.is_problem(409, "still_running");
    assert_eq!(second.header("retry-after"), "1");
    may_end.add_permits(1);
    first.await.unwrap().is(204);
    let third = send(&router, keyed("/api/v1/slow", "k1", HELLO)).await;
    third.is(204);
    assert_eq!(notes(&world).await, 1);
}

#[tokio::test]
async fn a_key_is_a_short_word() {
    let world = world().await;
    let router = world.around(toys());
    for bad in ["", "two words", &"x".repeat(256)] {
        let refused = send(&router, keyed(NOTES, bad, HELLO)).await;
        refused.is_problem(400, "invalid_header");
    }
    assert_eq!(notes(&world).await, 0);
}
