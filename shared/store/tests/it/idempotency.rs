use std::collections::BTreeMap;

use futures::future::join_all;
use store::idempotency_keys::{self as keys, Answer, Begin, Request};

use crate::setup::*;

const HASH: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const REQUEST: Request<'_> = Request {
    owner: "",
    route: "POST /beds",
    key: "k",
    request_hash: HASH,
};

fn answer() -> Answer {
    let headers = BTreeMap::from([("location".to_owned(), "/beds/1".to_owned())]);
    Answer {
        status_code: 201,
        headers,
        body: b"{}".to_vec(),
    }
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let database = testkit::database().await;
    let client = client(&database).await;
    assert_eq!(keys::begin(&client, &REQUEST).await.unwrap(), Begin::New);
    assert_eq!(
        keys::begin(&client, &REQUEST).await.unwrap(),
        Begin::Running
    );
    assert!(keys::finish(&client, &REQUEST, &answer()).await.unwrap());
    assert_eq!(
        keys::begin(&client, &REQUEST).await.unwrap(),
        Begin::Answered(answer())
    );
}

#[tokio::test]
async fn another_body_under_the_same_key_is_a_mismatch() {
    let database = testkit::database().await;
    let client = client(&database).await;
    keys::begin(&client, &REQUEST).await.unwrap();
    let other = Request {
        request_hash: OTHER,
        ..REQUEST
    };
    assert_eq!(keys::begin(&client, &other).await.unwrap(), Begin::Mismatch);
}

#[tokio::test]
async fn another_owner_or_route_has_keys_of_its_own() {
    let database = testkit::database().await;
    let client = client(&database).await;
    keys::begin(&client, &REQUEST).await.unwrap();
    for other in [
        Request {
            owner: "b",
            ..REQUEST
        },
        Request {
            route: "POST /beds/{id}/generate",
            ..REQUEST
        },
    ] {
        assert_eq!(keys::begin(&client, &other).await.unwrap(), Begin::New);
    }
}

#[tokio::test]
async fn a_request_that_failed_on_our_side_may_be_sent_again() {
    let database = testkit::database().await;
    let client = client(&database).await;
    keys::begin(&client, &REQUEST).await.unwrap();
    keys::forget(&client, &REQUEST).await.unwrap();
    assert_eq!(keys::begin(&client, &REQUEST).await.unwrap(), Begin::New);
}

#[tokio::test]
async fn a_handler_that_died_frees_the_key_after_a_while() {
    let database = testkit::database().await;
    let client = client(&database).await;
    keys::begin(&client, &REQUEST).await.unwrap();
    run(
        &database,
        "UPDATE idempotency_keys SET locked_until = now() - interval '1 s'",
    )
    .await;
    assert_eq!(keys::begin(&client, &REQUEST).await.unwrap(), Begin::New);
}

#[tokio::test]
async fn an_expired_answer_is_forgotten() {
    let database = testkit::database().await;
    let client = client(&database).await;
    keys::begin(&client, &REQUEST).await.unwrap();
    keys::finish(&client, &REQUEST, &answer()).await.unwrap();
    run(
        &database,
        "UPDATE idempotency_keys SET expires_at = now() - interval '1 s'",
    )
    .await;
    assert_eq!(keys::begin(&client, &REQUEST).await.unwrap(), Begin::New);
    run(
        &database,
        "UPDATE idempotency_keys SET expires_at = now() - interval '1 s'",
    )
    .await;
    assert_eq!(keys::expire(&client, 10).await.unwrap(), 1);
}

#[tokio::test]
async fn expired_keys_go_in_batches_and_others_stay() {
    let database = testkit::database().await;
    let client = client(&database).await;
    for key in ["a", "b", "c"] {
        let request = Request { key, ..REQUEST };
        keys::begin(&client, &request).await.unwrap();
    }
    run(
        &database,
        "UPDATE idempotency_keys SET expires_at = now() - interval '1 s' WHERE key <> 'c'",
    )
    .await;
    assert_eq!(keys::expire(&client, 1).await.unwrap(), 1);
    assert_eq!(keys::expire(&client, 10).await.unwrap(), 1);
    assert_eq!(keys::expire(&client, 10).await.unwrap(), 0);
    let kept = Request {
        key: "c",
        ..REQUEST
    };
    assert_eq!(keys::begin(&client, &kept).await.unwrap(), Begin::Running);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_equal_requests_at_once_one_is_new() {
    let database = testkit::database().await;
    let all = join_all((0..8).map(|_| async {
        keys::begin(&client(&database).await, &REQUEST)
            .await
            .unwrap()
    }))
    .await;
    assert_eq!(all.iter().filter(|begin| **begin == Begin::New).count(), 1);
    assert!(
        all.iter()
            .all(|begin| matches!(begin, Begin::New | Begin::Running))
    );
}
