use futures::future::join_all;
use serde_json::json;

use crate::support::*;

const TERMS: &str = r#"{ "password": "open sesame", "max_downloads": 1 }"#;

#[tokio::test]
async fn a_page_behind_a_password_says_nothing_of_what_is_there() {
    let world = world().await;
    let (path, id) = world.link(serde_json::from_str(TERMS).unwrap()).await;
    let page = world.browse(&path).await;
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert_eq!(page.status, 200);
    assert!(
        html.contains("type=\"password\"") && !html.contains("particles"),
        "{html}"
    );
    world
        .fetch(&path)
        .await
        .is_problem(403, "password_required");
    assert_eq!(world.downloads(&id).await, 0);
}

#[tokio::test]
async fn the_right_password_opens_and_a_wrong_one_takes_nothing() {
    let world = world().await;
    let (path, id) = world.link(serde_json::from_str(TERMS).unwrap()).await;
    world
        .submit(&path, "password=open")
        .await
        .is_problem(403, "wrong_password");
    let page = world.press(&path, "password=%3Cb%3E").await;
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert_eq!(page.status, 403);
    assert!(
        html.contains("That was not the password.") && html.contains("type=\"password\""),
        "{html}"
    );
    assert_eq!(world.downloads(&id).await, 0);
    let answer = world.press(&path, "password=open+sesame").await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_slice()),
        (200, CONTENT)
    );
    world
        .submit(&path, "password=open+sesame")
        .await
        .is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_ten_wrong_passwords_the_right_one_is_not_tried_any_more() {
    let world = world().await;
    let (path, id) = world.link(json!({ "password": "open sesame" })).await;
    let tried = join_all((0..14).map(|n| {
        let (world, path) = (&world, &path);
        async move {
            world
                .submit(path, &format!("password=guess{n}"))
                .await
                .status
                .as_u16()
        }
    }))
    .await;
    let of = |status| tried.iter().filter(|it| **it == status).count();
    assert_eq!((of(403), of(429)), (10, 4), "{tried:?}");
    let late = world.submit(&path, "password=open+sesame").await;
    late.is_problem(429, "rate_limited");
    assert!(late.header("retry-after").parse::<u64>().unwrap() > 0);
    let page = world.press(&path, "password=open+sesame").await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (429, "text/html; charset=utf-8")
    );
    assert_eq!(world.downloads(&id).await, 0);
    let (other, _) = world.link(json!({ "password": "open sesame" })).await;
    assert_eq!(
        world.submit(&other, "password=open+sesame").await.status,
        200
    );
}

#[tokio::test]
async fn who_knows_the_password_is_not_held_up_by_their_own_downloads() {
    let world = world().await;
    let (path, _) = world.link(json!({ "password": "open sesame" })).await;
    for _ in 0..12 {
        assert_eq!(
            world.submit(&path, "password=open+sesame").await.status,
            200
        );
    }
}
