use std::sync::Arc;

use axum::Router;
use axum::http::Request;
use axum::routing::{get as on_get, put as on_put};
use jiff::ToSpan;
use leito_http::testing::{Answer, send, without_parts};
use leito_http::{Actor, App, IfMatch, Problem, Tokens, Versioned, service};
use runtime::{Clock, FixedClock, SystemClock};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

const ADA: Uuid = Uuid::from_u128(1);

/// Routes that say who asked, and a thing of version 3.
fn toys() -> Router<App> {
    let thing = || async {
        Versioned {
            version: 3,
            body: json!({ "name": "thing" }),
        }
    };
    let update = |read: IfMatch| async move { read.check(3).map(|()| "done") };
    Router::new()
        .route("/public", on_get(|| async { "public" }))
        .route(
            "/who",
            on_get(|actor: Actor| async move { actor.user_id.to_string() }),
        )
        .route("/thing", on_get(thing))
        .route("/thing", on_put(update))
}

async fn app() -> (App, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::new(SystemClock.now()));
    let mut app = without_parts().await;
    app.clock = clock.clone();
    (app, clock)
}

async fn ask(app: &App, path: &str, credentials: Option<&str>) -> Answer {
    let mut request = Request::get(format!("/api/v1{path}"));
    if let Some(credentials) = credentials {
        request = request.header("authorization", credentials);
    }
    let router = service(OpenApiRouter::from(toys()), app.clone());
    send(&router, request.body("".into()).unwrap()).await
}

fn bearer(tokens: &Tokens, app: &App) -> Result<String, Problem> {
    let token = tokens.issue(ADA, ADA, app.clock.now())?;
    Ok(format!("Bearer {token}"))
}

#[tokio::test]
async fn a_token_says_who_asks_until_it_is_a_quarter_of_an_hour_old() {
    let (app, clock) = app().await;
    let credentials = bearer(&app.tokens, &app).unwrap();
    clock.advance(899.seconds().try_into().unwrap());
    let answer = ask(&app, "/who", Some(&credentials)).await;
    assert_eq!(answer.body, ADA.to_string().as_bytes());
    clock.advance(1.second().try_into().unwrap());
    ask(&app, "/who", Some(&credentials))
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn nobody_is_let_in_and_told_how_to_come_in() {
    let (app, _) = app().await;
    let answer = ask(&app, "/who", None).await;
    answer.is_problem(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_eq!(ask(&app, "/public", None).await.status, 200);
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_refused_even_where_none_is_needed() {
    let (app, _) = app().await;
    let good = bearer(&app.tokens, &app).unwrap();
    let (body, _) = good.rsplit_once('.').unwrap();
    let other = bearer(&Tokens::new(&[8; 32]), &app).unwrap();
    // {"alg":"none","typ":"JWT"}, with the claims of a good one
    let claims = body.rsplit_once('.').unwrap().1;
    let unsigned = format!("Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
    for wrong in [
        other.as_str(),
        &unsigned,
        &format!("{body}."),
        "Bearer x",
        "Bearer ",
        "Basic YTpi",
        "Bearer",
        "",
    ] {
        for path in ["/who", "/public"] {
            ask(&app, path, Some(wrong))
                .await
                .is_problem(401, "unauthenticated");
        }
    }
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let (app, _) = app().await;
    let credentials = bearer(&app.tokens, &app)
        .unwrap()
        .replace("Bearer", "bEARER");
    assert_eq!(ask(&app, "/who", Some(&credentials)).await.status, 200);
}

#[tokio::test]
async fn the_tag_of_what_was_read_admits_an_update_and_saves_a_poll() {
    let (app, _) = app().await;
    let router = service(OpenApiRouter::from(toys()), app.clone());
    let with = |method: &str, name: &str, tag: &str| {
        let request = Request::builder().method(method).uri("/api/v1/thing");
        request.header(name, tag).body("".into()).unwrap()
    };
    let read = ask(&app, "/thing", None).await;
    let tag = read.header("etag");
    assert!(tag.starts_with("\"3-"), "{tag}");
    assert_eq!(read.is(200), json!({ "name": "thing" }));
    let again = send(&router, with("GET", "if-none-match", tag)).await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, tag));
    assert_eq!(
        send(&router, with("PUT", "if-match", tag)).await.status,
        200
    );
    send(&router, with("PUT", "if-match", "\"2-x\""))
        .await
        .is_problem(412, "precondition_failed");
    send(&router, with("PUT", "x-none", ""))
        .await
        .is_problem(428, "precondition_required");
}
