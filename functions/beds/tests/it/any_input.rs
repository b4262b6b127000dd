//! Whatever a caller sends, the fault is never ours.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use leito_http::testing::send;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use crate::support::{serving, spec};

/// JSON of any shape, with the names that the routes know mixed in.
fn any_json() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "spec",
        "source",
        "name",
        "geometry",
        "particles",
        "flow",
        "packing",
        "export",
        "diameter_m",
        "height_m",
        "count",
        "velocities_m_s",
        "target_height_m",
        "seed",
        "formats",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("a\u{0}b")),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..6).prop_map(|fields| Value::from(
                fields
                    .into_iter()
                    .map(|(k, v)| (k.to_owned(), v))
                    .collect::<Map<_, _>>()
            )),
        ]
    })
}

/// A good specification with one value replaced by any other.
fn any_specification() -> impl Strategy<Value = Value> {
    let places = prop::sample::select(vec![
        "/name",
        "/geometry/diameter_m",
        "/geometry/height_m",
        "/particles/diameter_m",
        "/particles/count",
        "/geometry",
        "/flow/velocities_m_s",
        "/flow/quality",
    ]);
    (places, any_json()).prop_map(|(place, value)| {
        let mut changed = spec();
        *changed.pointer_mut(place).unwrap() = value;
        json!({ "spec": changed })
    })
}

fn any_body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any_json().prop_map(|value| value.to_string().into_bytes()),
        any_specification().prop_map(|value| value.to_string().into_bytes()),
        any::<String>().prop_map(|source| json!({ "source": source }).to_string().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn any_path(bed: String) -> impl Strategy<Value = String> {
    let id = prop_oneof![
        Just(bed),
        "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        "[!-~&&[^?#/<>\"{}`\\\\^|]]{1,60}"
    ];
    let tail = prop::sample::select(vec![
        "",
        "/duplicate",
        "/source",
        "/generate",
        "/simulate",
        "/files",
        "/files/%00",
        "/files?limit=-1",
        "/files?after=x",
    ]);
    prop_oneof![
        Just("/api/v1/beds".to_owned()),
        any_search(),
        (id, tail).prop_map(|(id, tail)| format!("/api/v1/beds/{id}{tail}"))
    ]
}

/// A search with names that are known, and any values.
fn any_search() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "limit",
        "offset",
        "after",
        "sort",
        "text",
        "name",
        "status",
        "shape",
        "project_id",
        "created_from",
        "updated_to",
        "tube_diameter_m_min",
        "particle_count_max",
        "packing_seed_min",
        "flow_write_fields",
        "superficial_velocity_m_s_max",
        "export_formats",
        "x",
    ]);
    let value = prop_oneof![
        any::<String>(),
        any::<f64>().prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        prop::sample::select(vec![
            "-name",
            "packed",
            "true",
            "stl",
            "2026-01-01T00:00:00Z",
            "1"
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec((names, value), 1..4).prop_map(|pairs| {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| {
                let encoded: Vec<_> = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
                format!("{name}={}", encoded.concat())
            })
            .collect();
        format!("/api/v1/beds?{}", pairs.join("&"))
    })
}

async fn answer(
    router: &Router,
    method: Method,
    path: &str,
    key: Option<&str>,
    body: Vec<u8>,
) -> u16 {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("if-match", "*")
        .header("content-type", "application/json");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    match request.body(Body::from(body)) {
        Ok(request) => send(router, request).await.status.as_u16(),
        Err(_) => 400, // not even a request
    }
}

#[test]
fn no_request_is_answered_with_a_failure_of_ours() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let service = runtime.block_on(serving());
    let bed = runtime.block_on(service.bed());
    let requests = (
        prop::sample::select(vec![Method::GET, Method::POST, Method::PUT]),
        any_path(bed),
        prop::option::of("[!-~]{0,40}"),
        any_body(),
    );
    TestRunner::new(ProptestConfig {
        cases: 500,
        ..ProptestConfig::default()
    })
    .run(&requests, |(method, path, key, body)| {
        let text = String::from_utf8_lossy(&body).into_owned();
        let sent = answer(&service.router, method.clone(), &path, key.as_deref(), body);
        let status = runtime.block_on(sent);
        prop_assert!(status < 500, "{} {} {}: {}", method, path, text, status);
        Ok(())
    })
    .unwrap();
}
