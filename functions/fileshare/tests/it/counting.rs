use futures::future::join_all;
use leito_http::testing::{get, send};
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn anybody_with_the_link_gets_the_file() {
    let world = world().await;
    let (path, id) = world.link(json!({})).await;
    let answer = world.fetch(&path).await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_slice()),
        (200, CONTENT)
    );
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=\"particles.csv\"")
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(world.fetch(&path).await.status, 200);
    assert_eq!(world.downloads(&id).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_come_at_once_for_one_download_one_gets_it() {
    let world = world().await;
    for _ in 0..5 {
        let (path, id) = world.link(json!({ "max_downloads": 1 })).await;
        let answers = join_all((0..8).map(|_| world.fetch(&path))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|it| it.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404, 404, 404, 404, 404, 404, 404]);
        assert_eq!(world.downloads(&id).await, 1);
    }
}

#[tokio::test]
async fn a_limited_link_sends_whole_files_and_another_sends_ranges() {
    let world = world().await;
    let (path, id) = world.link(json!({ "max_downloads": 2 })).await;
    let answer = send(&world.public, with(get(&path), "range", "bytes=4-")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_slice()),
        (200, CONTENT)
    );
    assert_eq!(answer.header("accept-ranges"), "none");
    assert_eq!(world.downloads(&id).await, 1);
    let (path, _) = world.link(json!({})).await;
    let answer = send(&world.public, with(get(&path), "range", "bytes=4-")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_slice()),
        (206, &CONTENT[4..])
    );
}

#[tokio::test]
async fn looking_takes_no_download() {
    let world = world().await;
    let (path, id) = world.link(json!({ "max_downloads": 1 })).await;
    let mut head = with(get(&path), "accept", "*/*");
    *head.method_mut() = axum::http::Method::HEAD;
    let head = send(&world.public, head).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), CONTENT.len().to_string());
    assert_eq!(world.browse(&path).await.status, 200);
    assert_eq!(world.downloads(&id).await, 0);
    assert_eq!(world.fetch(&path).await.body, CONTENT);
}

#[tokio::test]
async fn what_could_not_be_sent_was_not_taken() {
    let world = world().await;
    let (path, id) = world.link(json!({ "max_downloads": 1 })).await;
    let client = world.app.store.client().await.unwrap();
    client
        .batch_execute("UPDATE bed_files SET object_key = 'artifacts/gone/gone'")
        .await
        .unwrap();
    let answer = world.fetch(&path).await;
    assert!(answer.status.is_server_error(), "{}", answer.status);
    assert_eq!(world.downloads(&id).await, 0);
    assert_eq!(
        world
            .count("SELECT count(*) FROM automation_audits WHERE action = 'downloaded'")
            .await,
        0
    );
}

#[tokio::test]
async fn the_deployed_service_sends_to_the_object_store_and_lets_the_form_end_there() {
    let world = world_as(leito_http::App::on_lambda).await;
    let (path, id) = world.link(json!({ "max_downloads": 1 })).await;
    let page = world.browse(&path).await;
    let place = world.cloud.endpoint_url();
    let policy = page.header("content-security-policy").to_owned();
    assert!(
        policy.contains(&format!("form-action 'self' {place}")),
        "{policy}"
    );
    let answer = world.press(&path, "").await;
    assert_eq!(answer.status, 302);
    assert!(
        answer.header("location").starts_with(place),
        "{}",
        answer.header("location")
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(world.downloads(&id).await, 1);
}
