use axum::http::Method;
use leito_http::testing::{get, send, signed_in};
use serde_json::{Value, json};
use store::users;
use testkit::rows;
use uuid::Uuid;

use crate::support::*;

fn ids(list: &Value) -> Vec<&str> {
    let links = list["links"].as_array().unwrap();
    links
        .iter()
        .map(|link| link["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn my_links_are_listed_newest_first_a_page_at_a_time() {
    let world = world().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(world.link(json!({})).await.1);
    }
    let first = send(&world.router, get(&format!("{LINKS}?limit=2")))
        .await
        .is(200);
    assert_eq!(ids(&first), [made[2].as_str(), made[1].as_str()]);
    let next = first["next"].as_str().unwrap();
    let rest = format!("{LINKS}?limit=2&before={next}");
    let rest = send(&world.router, get(&rest)).await.is(200);
    assert_eq!(
        (ids(&rest), &rest["next"]),
        (vec![made[0].as_str()], &Value::Null)
    );
    let skipped = send(&world.router, get(&format!("{LINKS}?offset=1&limit=1")))
        .await
        .is(200);
    assert_eq!(ids(&skipped), [made[1].as_str()]);
    for query in ["page=2", "limit=0", "limit=501", "offset=10001"] {
        let answer = send(&world.router, get(&format!("{LINKS}?{query}"))).await;
        answer.is_problem(400, "invalid_query");
    }
}

#[tokio::test]
async fn another_persons_link_is_none_of_mine() {
    let world = world().await;
    let (_, id) = world.link(json!({})).await;
    let stranger = Uuid::from_u128(71);
    world
        .run(async |tx| users::insert(tx, &rows::user(stranger)).await.unwrap())
        .await;
    let router = signed_in(world.public.clone(), &world.app, stranger);
    assert_eq!(
        ids(&send(&router, get(LINKS)).await.is(200)),
        Vec::<&str>::new()
    );
    send(&router, get(&format!("{LINKS}/{id}")))
        .await
        .is_problem(404, "not_found");
    let mut end = get(&format!("{LINKS}/{id}"));
    *end.method_mut() = Method::DELETE;
    send(&router, end).await.is_problem(404, "not_found");
    assert_eq!(world.downloads(&id).await, 0);
}

#[tokio::test]
async fn a_link_says_what_became_of_it() {
    let world = world().await;
    let (_, active) = world.link(json!({ "expires_in_days": 30 })).await;
    let (path, used_up) = world.link(json!({ "max_downloads": 1 })).await;
    let (_, revoked) = world.link(json!({})).await;
    let (_, expired) = world.link(json!({ "expires_in_days": 1 })).await;
    assert_eq!(world.fetch(&path).await.status, 200);
    let mut end = get(&format!("{LINKS}/{revoked}"));
    *end.method_mut() = Method::DELETE;
    for _ in 0..2 {
        let mut end_again = get(end.uri().path());
        *end_again.method_mut() = Method::DELETE;
        assert_eq!(send(&world.router, end_again).await.status, 204);
    }
    world.pass(2);
    let router = signed_in(world.public.clone(), &world.app, rows::USER);
    for (id, state) in [
        (active, "active"),
        (used_up, "used_up"),
        (revoked, "revoked"),
        (expired, "expired"),
    ] {
        let shown = send(&router, get(&format!("{LINKS}/{id}"))).await.is(200);
        assert_eq!(shown["state"], state);
    }
}
