use axum::http::Method;
use leito_http::testing::{get, post, send, signed_in};
use serde_json::json;
use store::{projects, users};
use testkit::rows;
use uuid::Uuid;

use crate::support::*;

#[tokio::test]
async fn a_token_is_shown_once_and_kept_as_a_hash() {
    let world = world().await;
    let file = world.file("particles.csv", None).await;
    let made = world
        .share(json!({ "file_id": file, "expires_in_days": 1 }))
        .await;
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("s_") && token.len() == 66, "{token}");
    assert_eq!(made["path"], format!("/s/{token}"));
    assert_eq!(
        (
            &made["link"]["state"],
            &made["link"]["name"],
            &made["link"]["file_id"]
        ),
        (&json!("active"), &json!("particles.csv"), &json!(file))
    );
    let id = made["link"]["id"].as_str().unwrap();
    let shown = send(&world.router, get(&format!("{LINKS}/{id}"))).await;
    assert!(!String::from_utf8(shown.body).unwrap().contains(token));
    let kept = format!(
        "SELECT count(*) FROM fileshare_items WHERE token_hash = sha256('{token}'::bytea) AND fileshare_items::text NOT LIKE '%{token}%'"
    );
    assert_eq!(world.count(&kept).await, 1);
}

#[tokio::test]
async fn a_repeated_request_makes_one_link_and_does_not_show_its_token_again() {
    let world = world().await;
    let file = world.file("particles.csv", None).await;
    let body = json!({ "file_id": file }).to_string();
    let sent = || with(post(LINKS, body.clone()), "idempotency-key", "once");
    send(&world.router, sent()).await.is(201);
    let again = send(&world.router, sent()).await;
    again.is_problem(409, "already_answered");
    assert_eq!(world.count("SELECT count(*) FROM fileshare_items").await, 1);
}

#[tokio::test]
async fn a_link_lives_as_long_as_is_said_and_a_week_when_nothing_is() {
    let world = world().await;
    let file = world.file("particles.csv", None).await;
    let now = world.app.clock.now();
    for (terms, days) in [(json!({}), 7), (json!({ "expires_in_days": 30 }), 30)] {
        let mut body = terms;
        body["file_id"] = json!(file);
        let made = world.share(body).await;
        let ends: jiff::Timestamp = made["link"]["expires_at"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(ends.duration_since(now).as_hours(), 24 * days);
    }
    let at = now + jiff::SignedDuration::from_hours(5);
    let made = world
        .share(json!({ "file_id": file, "expires_at": at }))
        .await;
    assert_eq!(made["link"]["expires_at"], at.to_string());
}

#[tokio::test]
async fn each_thing_that_is_wrong_with_a_link_is_named() {
    let world = world().await;
    let file = world.file("particles.csv", None).await;
    let past = world.app.clock.now() - jiff::SignedDuration::from_secs(1);
    let refused = async |body: serde_json::Value| {
        let answer = send(&world.router, post(LINKS, body.to_string())).await;
        let problem = answer.is_problem(422, "invalid_body");
        let errors = problem["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|it| it["pointer"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(refused(json!({})).await, [""]);
    assert_eq!(
        refused(json!({ "file_id": file, "simulation_id": file })).await,
        [""]
    );
    let all =
        json!({ "file_id": file, "expires_in_days": 366, "password": "abc", "max_downloads": 0 });
    assert_eq!(
        refused(all).await,
        ["/expires_in_days", "/password", "/max_downloads"]
    );
    assert_eq!(
        refused(json!({ "file_id": file, "expires_at": past })).await,
        ["/expires_at"]
    );
    let both = json!({ "file_id": file, "expires_at": past, "expires_in_days": 1 });
    assert_eq!(refused(both).await, ["/expires_at"]);
    assert_eq!(world.count("SELECT count(*) FROM fileshare_items").await, 0);
}

#[tokio::test]
async fn only_who_may_change_the_project_shares_what_is_in_it() {
    let world = world().await;
    let file = world.file("particles.csv", None).await;
    let (viewer, stranger) = (Uuid::from_u128(71), Uuid::from_u128(72));
    world
        .run(async |tx| {
            for id in [viewer, stranger] {
                users::insert(tx, &rows::user(id)).await.unwrap();
                projects::insert(tx, &rows::project(Uuid::from_u128(id.as_u128() + 100), id))
                    .await
                    .unwrap();
            }
            let member = format!(
                "INSERT INTO project_members (project_id, user_id, role) VALUES ('{}', '{viewer}', 'viewer')",
                rows::PROJECT
            );
            tx.batch_execute(&member).await.unwrap();
        })
        .await;
    let share = async |user: Uuid| {
        let router = signed_in(world.public.clone(), &world.app, user);
        send(&router, post(LINKS, json!({ "file_id": file }).to_string())).await
    };
    share(viewer).await.is_problem(403, "forbidden");
    share(stranger).await.is_problem(404, "not_found");
    let nobody = send(
        &world.public,
        post(LINKS, json!({ "file_id": file }).to_string()),
    )
    .await;
    nobody.is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn what_happens_to_a_link_is_recorded() {
    let world = world().await;
    let (path, id) = world.link(json!({ "password": "open sesame" })).await;
    assert_eq!(
        world.submit(&path, "password=open+sesame").await.status,
        200
    );
    let mut end = get(&format!("{LINKS}/{id}"));
    *end.method_mut() = Method::DELETE;
    assert_eq!(send(&world.router, end).await.status, 204);
    let recorded = format!(
        "SELECT count(*) FROM automation_audits WHERE kind = 'share_link' AND target_id = '{id}' AND project_id = '{}'
         AND (action, user_id IS NULL) IN (('created', false), ('downloaded', true), ('revoked', false))
         AND meta::text NOT LIKE '%sesame%'",
        rows::PROJECT
    );
    assert_eq!(world.count(&recorded).await, 3);
    let used = format!(
        "SELECT coalesce(sum(amount), 0)::bigint FROM usage_events WHERE project_id = '{}' AND kind = 'downloads'",
        rows::PROJECT
    );
    assert_eq!(world.count(&used).await, 1);
}
