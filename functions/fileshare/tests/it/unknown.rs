use axum::http::Method;
use leito_http::testing::{Answer, get, send};
use serde_json::{Value, json};
use testkit::rows;

use crate::support::*;

/// All that can be told from an answer: the id of the request alone differs.
fn told(answer: &Answer) -> (u16, Vec<(String, String)>, Value, String) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| {
            name.as_str() != "x-request-id" && name.as_str() != "content-security-policy"
        })
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    let mut body = answer.json();
    let text = String::from_utf8(answer.body.clone()).unwrap();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
        return (answer.status.as_u16(), headers, body, String::new());
    }
    let without_nonce =
        text.split("<style").next().unwrap().to_owned() + text.split("</style>").nth(1).unwrap();
    (answer.status.as_u16(), headers, body, without_nonce)
}

/// Paths of links that are expired, revoked, used up and unknown.
async fn dead(world: &World, password: Option<&str>) -> Vec<String> {
    let (expired, _) = world
        .link(json!({ "expires_in_days": 1, "password": password }))
        .await;
    let (revoked, id) = world
        .link(json!({ "expires_in_days": 30, "password": password }))
        .await;
    let mut end = get(&format!("{LINKS}/{id}"));
    *end.method_mut() = Method::DELETE;
    assert_eq!(send(&world.router, end).await.status, 204);
    let (used_up, _) = world
        .link(json!({ "expires_in_days": 30, "max_downloads": 1, "password": password }))
        .await;
    let form = password.map_or_else(String::new, |it| format!("password={it}"));
    assert_eq!(world.submit(&used_up, &form).await.status, 200);
    world.pass(2);
    let unknown = format!("/s/s_{}", "0".repeat(64));
    vec![expired, revoked, used_up, unknown, "/s/x".to_owned()]
}

#[tokio::test]
async fn links_that_do_not_work_any_more_look_like_one_that_never_was() {
    for password in [None, Some("sesame")] {
        let world = world().await;
        let dead = dead(&world, password).await;
        let mut told_by_each = Vec::new();
        for path in &dead {
            let answers = [
                world.fetch(path).await,
                world.browse(path).await,
                world.submit(path, "password=sesame").await,
                world.press(path, "password=wrong").await,
            ];
            assert!(answers.iter().all(|it| it.status == 404), "{path}");
            told_by_each.push(answers.iter().map(told).collect::<Vec<_>>());
        }
        for other in &told_by_each[1..] {
            assert_eq!(&told_by_each[0], other);
        }
    }
}

#[tokio::test]
async fn who_has_left_the_project_shares_nothing_of_it_any_more() {
    let world = world().await;
    let (path, _) = world.link(json!({})).await;
    assert_eq!(world.fetch(&path).await.status, 200);
    let client = world.app.store.client().await.unwrap();
    let left = format!(
        "UPDATE project_members SET role = 'viewer' WHERE user_id = '{}'",
        rows::USER
    );
    client.batch_execute(&left).await.unwrap();
    world.fetch(&path).await.is_problem(404, "not_found");
}
