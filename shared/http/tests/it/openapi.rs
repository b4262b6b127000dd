//! The committed document. To write it anew: `UPDATE_OPENAPI=1 cargo test -p leito-http openapi`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use leito_http::openapi::document;
use leito_http::{Code, Routes};
use serde_json::{Value, json};

/// The routes of every function.
pub fn routes() -> Routes {
    let api = accounts::router()
        .merge(projects::router())
        .merge(beds::router())
        .merge(simulations::router())
        .merge(jobs::router())
        .merge(submissions::router())
        .merge(dashboards::router())
        .merge(usage::router())
        .merge(fileshare::router())
        .merge(health::router());
    Routes::from(api).at_root(fileshare::public())
}

pub fn whole() -> Value {
    document(routes()).unwrap()
}

pub fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
}

#[test]
fn the_committed_document_is_the_one_the_code_gives() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let now = serde_json::to_string_pretty(&whole()).unwrap() + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == now,
        "docs/openapi.json is out of date: UPDATE_OPENAPI=1 cargo test -p leito-http openapi"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = whole();
    let text = document.to_string();
    let names: BTreeSet<_> = text
        .split("\"#/components/schemas/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(
            document["components"]["schemas"].get(name).is_some(),
            "{name}"
        );
    }
}

#[test]
fn the_codes_of_the_document_are_the_words_that_answers_carry() {
    let words: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(json!(Code::ALL), json!(words));
    assert_eq!(
        whole()["components"]["schemas"]["Code"]["enum"],
        json!(words)
    );
}

#[test]
fn every_operation_is_named_once_documented_and_can_fail() {
    let document = whole();
    let mut names = BTreeSet::new();
    for (route, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{name} is used twice");
        assert!(
            operation["summary"].is_string() && operation["tags"].is_array(),
            "{route}"
        );
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.contains_key("500") && responses.contains_key("503"),
            "{route}"
        );
        assert!(
            responses.contains_key("404") || !route.contains('{'),
            "{route}"
        );
        for (status, response) in responses {
            assert!(
                response["description"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{route} {status}"
            );
            let is_error = status.starts_with('4') || status == "500";
            assert!(
                !is_error
                    || response["content"]
                        .get("application/problem+json")
                        .is_some(),
                "{route} {status}"
            );
        }
    }
    assert!(names.len() >= 11, "{names:?}");
}

#[test]
fn a_file_is_described_as_bytes_of_its_own_media_type() {
    let paths = &whole()["paths"];
    let uploaded = &paths["/api/v1/beds/{id}/upload"]["post"]["requestBody"]["content"];
    assert_eq!(*uploaded, json!({ "application/octet-stream": {} }));
    for (path, status) in [
        ("/api/v1/beds/{id}/files/{file_id}", "200"),
        ("/s/{token}", "206"),
    ] {
        let downloaded = &paths[path]["get"]["responses"][status]["content"];
        assert_eq!(*downloaded, json!({ "*/*": {} }), "{path}");
    }
}

#[test]
fn what_stands_after_the_question_mark_can_be_refused_and_is_never_null() {
    let document = whole();
    let mut with_query = 0;
    for (route, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let in_query: Vec<_> = parameters.filter(|it| it["in"] == "query").collect();
        if in_query.is_empty() {
            continue;
        }
        with_query += 1;
        assert!(operation["responses"].get("400").is_some(), "{route}");
        for parameter in in_query {
            let schema = parameter["schema"].to_string();
            assert!(!schema.contains("\"null\""), "{route}: {parameter}");
        }
    }
    assert!(with_query >= 5, "{with_query}");
}

#[test]
fn the_specification_is_the_schema_of_the_bed_crate() {
    let document = whole();
    let schema = &document["components"]["schemas"]["Specification"];
    assert_eq!(schema["properties"], bed::json_schema()["properties"]);
}
