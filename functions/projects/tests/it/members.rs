use serde_json::{Value, json};
use testkit::rows;
use uuid::Uuid;

use crate::support::*;

#[tokio::test]
async fn who_is_taken_in_may_do_what_their_role_says() {
    let service = serving().await;
    let (ada, bob) = (service.somebody().await, service.somebody().await);
    let path = service.project(ada, "Shared").await;
    service.get(bob, &path).await.is_problem(404, "not_found");
    let member = service.add(ada, &path, bob, "viewer").await.is(201);
    assert_eq!(
        (&member["user_id"], &member["role"]),
        (&json!(bob), &json!("viewer"))
    );
    assert_eq!(service.get(bob, &path).await.is(200)["role"], "viewer");
    let listed = service.get(bob, &format!("{path}/members")).await.is(200);
    assert_eq!(listed["members"].as_array().unwrap().len(), 2);
    for (method, below) in [("POST", "/members"), ("DELETE", "")] {
        let new = json!({ "email": "x@example.org", "role": "owner" });
        service
            .call(bob, method, &format!("{path}{below}"), &new)
            .await
            .is_problem(403, "forbidden");
    }
    assert_eq!(service.audits("member_added").await, 1);
}

#[tokio::test]
async fn nobody_is_taken_in_twice_or_without_an_account() {
    let service = serving().await;
    let (ada, bob) = (service.somebody().await, service.somebody().await);
    let path = service.project(ada, "Shared").await;
    service.add(ada, &path, bob, "viewer").await.is(201);
    service
        .add(ada, &path, bob, "editor")
        .await
        .is_problem(409, "conflict");
    let problem = service
        .add(ada, &path, Uuid::from_u128(77), "viewer")
        .await
        .is_problem(422, "invalid_body");
    assert_eq!(problem["errors"][0]["pointer"], "/email");
}

fn member(path: &str, user: Uuid) -> String {
    format!("{path}/members/{user}")
}

#[tokio::test]
async fn owners_change_roles_and_take_members_out() {
    let service = serving().await;
    let (ada, bob) = (service.somebody().await, service.somebody().await);
    let path = service.project(ada, "Shared").await;
    service.add(ada, &path, bob, "viewer").await.is(201);
    let editor = json!({ "role": "editor" });
    let changed = service.call(ada, "PUT", &member(&path, bob), &editor).await;
    assert_eq!(changed.is(200)["role"], "editor");
    service
        .call(bob, "PUT", &member(&path, bob), &json!({ "role": "owner" }))
        .await
        .is_problem(403, "forbidden");
    let removed = service
        .call(ada, "DELETE", &member(&path, bob), &Value::Null)
        .await;
    assert_eq!(removed.status, 204);
    service.get(bob, &path).await.is_problem(404, "not_found");
    service
        .call(ada, "DELETE", &member(&path, bob), &Value::Null)
        .await
        .is_problem(404, "not_found");
    assert_eq!(service.audits("member_changed").await, 1);
    assert_eq!(service.audits("member_removed").await, 1);
}

#[tokio::test]
async fn anybody_may_leave_but_the_last_owner() {
    let service = serving().await;
    let (ada, bob) = (service.somebody().await, service.somebody().await);
    let path = service.project(ada, "Shared").await;
    service.add(ada, &path, bob, "viewer").await.is(201);
    service
        .call(bob, "DELETE", &member(&path, ada), &Value::Null)
        .await
        .is_problem(403, "forbidden");
    let left = service
        .call(bob, "DELETE", &member(&path, bob), &Value::Null)
        .await;
    assert_eq!(
        (left.status.as_u16(), service.audits("member_left").await),
        (204, 1)
    );
    for (method, body) in [
        ("DELETE", Value::Null),
        ("PUT", json!({ "role": "editor" })),
    ] {
        service
            .call(ada, method, &member(&path, ada), &body)
            .await
            .is_problem(409, "conflict");
    }
}

#[tokio::test]
async fn two_owners_who_leave_at_once_do_not_both_leave() {
    let service = serving().await;
    let (ada, bob) = (rows::USER, service.somebody().await);
    for round in 0..5 {
        let path = service.project(ada, &format!("Round {round}")).await;
        service.add(ada, &path, bob, "owner").await.is(201);
        let (of_ada, of_bob) = (member(&path, ada), member(&path, bob));
        let (one, two) = tokio::join!(
            service.call(ada, "DELETE", &of_ada, &Value::Null),
            service.call(bob, "DELETE", &of_bob, &Value::Null)
        );
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
    }
}
