use axum::Router;
use axum::http::Request;
use axum::routing::{get as on_get, post as on_post};
use leito_http::{App, Json, MaybeJson, Path, Query};
use serde::Deserialize;
use uuid::Uuid;

use leito_http::testing::{around, get, post, send};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tube {
    #[serde(default)]
    diameter_m: f64,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    #[expect(dead_code, reason = "only read")]
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u16>,
}

fn toys() -> Router<App> {
    Router::new()
        .route(
            "/tube",
            on_post(|Json(tube): Json<Tube>| async move { tube.diameter_m.to_string() }),
        )
        .route(
            "/maybe",
            on_post(|MaybeJson(tube): MaybeJson<Tube>| async move { tube.parts.len().to_string() }),
        )
        .route(
            "/any",
            on_post(|Json(value): Json<serde_json::Value>| async move { value.to_string() }),
        )
        .route(
            "/things/{id}",
            on_get(|Path(id): Path<Uuid>| async move { id.to_string() }),
        )
        .route(
            "/list",
            on_get(|Query(page): Query<Page>| async move { page.limit.unwrap_or(7).to_string() }),
        )
}

#[tokio::test]
async fn what_is_not_json_is_refused_with_its_place() {
    let router = around(toys()).await;
    for body in [
        "",
        "{",
        "{\"diameter_m\": }",
        "nonsense",
        "{} {}",
        "{\"diameter_m\": NaN}",
        "\u{feff}{}",
    ] {
        send(&router, post("/api/v1/tube", body))
            .await
            .is_problem(400, "invalid_json");
    }
    send(&router, post("/api/v1/tube", vec![0xff, 0xfe]))
        .await
        .is_problem(400, "invalid_json");
    send(&router, post("/api/v1/tube", r#"{"diameter_m": 1e999}"#))
        .await
        .is_problem(400, "invalid_json");
}

#[tokio::test]
async fn a_wrong_type_is_refused_with_a_pointer() {
    let router = around(toys()).await;
    let answer = send(
        &router,
        post("/api/v1/tube", r#"{"parts": [{"name": "a"}, {"name": 5}]}"#),
    )
    .await;
    assert_eq!(
        answer.is_problem(422, "invalid_body")["errors"][0]["pointer"],
        "/parts/1/name"
    );
}

#[tokio::test]
async fn an_unknown_field_is_refused_by_its_name() {
    let router = around(toys()).await;
    let problem = send(&router, post("/api/v1/tube", r#"{"diametre_m": 1}"#))
        .await
        .is_problem(422, "invalid_body");
    assert!(
        problem["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("`diametre_m`"),
        "{problem}"
    );
}

#[tokio::test]
async fn only_json_is_read() {
    let router = around(toys()).await;
    let typed = |kind: &'static str| {
        Request::post("/api/v1/tube")
            .header("content-type", kind)
            .body("{}".into())
            .unwrap()
    };
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "json",
        "application/jsonx",
    ] {
        send(&router, typed(kind))
            .await
            .is_problem(415, "unsupported_media_type");
    }
    send(
        &router,
        Request::post("/api/v1/tube").body("{}".into()).unwrap(),
    )
    .await
    .is_problem(415, "unsupported_media_type");
    for kind in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/vnd.leito+json",
    ] {
        assert_eq!(send(&router, typed(kind)).await.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn a_body_may_be_left_out_where_the_route_says_so() {
    let router = around(toys()).await;
    assert_eq!(
        send(
            &router,
            Request::post("/api/v1/maybe").body("".into()).unwrap()
        )
        .await
        .body,
        b"0"
    );
    assert_eq!(send(&router, post("/api/v1/maybe", "{}")).await.body, b"0");
    let text = Request::post("/api/v1/maybe")
        .header("content-type", "text/plain")
        .body("{}".into())
        .unwrap();
    send(&router, text)
        .await
        .is_problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn deep_nesting_is_refused_before_it_costs_anything() {
    let router = around(toys()).await;
    for depth in [17, 127, 100_000] {
        let body = "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(
            send(&router, post("/api/v1/any", body))
                .await
                .status
                .as_u16()
                / 100,
            4,
            "{depth}"
        );
    }
    let deepest = "[".repeat(16) + &"]".repeat(16);
    assert_eq!(
        send(&router, post("/api/v1/any", deepest)).await.status,
        200
    );
}

#[tokio::test]
async fn text_that_no_database_can_hold_is_refused() {
    let router = around(toys()).await;
    let problem = send(&router, post("/api/v1/any", r#"{"a/b": ["x\u0000y"]}"#))
        .await
        .is_problem(422, "invalid_body");
    assert_eq!(problem["errors"][0]["pointer"], "/a~1b/0");
    send(&router, post("/api/v1/any", r#"{"\u0000": 1}"#))
        .await
        .is_problem(422, "invalid_body");
}

#[tokio::test]
async fn a_path_that_holds_no_id_is_refused() {
    let router = around(toys()).await;
    for id in [
        "1",
        "x",
        "%00",
        "%ff",
        "00000000-0000-0000-0000-00000000000g",
        "..%2f",
    ] {
        send(&router, get(&format!("/api/v1/things/{id}")))
            .await
            .is_problem(400, "invalid_path");
    }
}

#[tokio::test]
async fn an_unknown_or_impossible_query_is_refused() {
    let router = around(toys()).await;
    for query in [
        "limit=-1",
        "limit=65536",
        "limit=a",
        "limits=1",
        "limit=1&limit=2",
        "limit=%ff",
    ] {
        send(&router, get(&format!("/api/v1/list?{query}")))
            .await
            .is_problem(400, "invalid_query");
    }
    assert_eq!(send(&router, get("/api/v1/list?limit=3")).await.body, b"3");
}
