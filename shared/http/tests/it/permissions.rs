//! Every operation of the API, tried by everybody who may ask, held to the table in docs/permissions.md. A new operation
//! needs a row there, and nothing here; a new kind of id in a path needs a line in `fixture.rs` or `made.rs`.

mod fixture;
mod made;
mod table;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use futures::future::join_all;
use leito_http::BASE_PATH;
use leito_http::testing::{Answer, send};

use crate::openapi::{operations, whole};
use fixture::{Scene, World};
use table::{ROLES, Row};

/// The operations of the API as the table writes them, and whether each needs `If-Match`.
fn documented() -> Vec<(String, bool)> {
    let document = whole();
    let written = |route: &str| {
        let (method, path) = route.split_once(' ').unwrap();
        let path = path.strip_prefix(BASE_PATH).unwrap_or(path);
        format!("{} {path}", method.to_uppercase())
    };
    operations(&document)
        .map(|(route, operation)| (written(&route), operation["responses"]["412"].is_object()))
        .collect()
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let rows: BTreeSet<_> = table::rows().into_iter().map(|row| row.operation).collect();
    let known: BTreeSet<_> = documented().into_iter().map(|(route, _)| route).collect();
    let missing: Vec<_> = known.difference(&rows).collect();
    let stale: Vec<_> = rows.difference(&known).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "docs/permissions.md lacks {missing:#?} and has {stale:#?} of which the API knows nothing"
    );
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let world = World::new().await;
    let documented = documented();
    let mut wrong = Vec::new();
    for row in table::rows() {
        let known = documented.iter().find(|(route, _)| *route == row.operation);
        let conditional = known.is_some_and(|(_, conditional)| *conditional);
        let tried = ROLES.map(|role| attempt(&world, &row, conditional, role));
        let seen = join_all(tried).await;
        if seen != row.cells {
            wrong.push(format!(
                "is   {}\nsays {}",
                row.with(&seen),
                row.with(&row.cells)
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/permissions.md is not true:\n{}",
        wrong.join("\n")
    );
}

/// What somebody gets who does this to things that were made for this one attempt.
async fn attempt(world: &World, row: &Row, conditional: bool, role: &str) -> String {
    let scene = Scene::new(world, &row.target).await;
    let asking = scene.somebody(world, role).await;
    let path = scene.filled(world, &row.target).await;
    let prefix = if path.starts_with("/s/") {
        ""
    } else {
        BASE_PATH
    };
    let mut request = Request::builder()
        .method(row.method.as_str())
        .uri(format!("{prefix}{path}"));
    if let Some(token) = asking {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if conditional {
        request = request.header("if-match", "*");
    }
    let body = row.sends.as_deref().map(|body| scene.text(body));
    let asked = format!("{path} {}", body.as_deref().unwrap_or_default());
    let request = match body {
        None => request.body(Body::empty()),
        Some(body) if body.starts_with(['{', '[']) => request
            .header("content-type", "application/json")
            .body(body.into()),
        Some(body) => request
            .header("content-type", "application/octet-stream")
            .body(body.into()),
    };
    let answer = send(&world.router, request.unwrap()).await;
    let is_outside = ["anonymous", "stranger"].contains(&role);
    if is_outside && scene.is_told_of(&asked, &answer) {
        return "tells".to_owned();
    }
    outcome(&answer)
}

fn outcome(answer: &Answer) -> String {
    match answer.status.as_u16() {
        200..=399 => "yes".to_owned(),
        status => status.to_string(),
    }
}
