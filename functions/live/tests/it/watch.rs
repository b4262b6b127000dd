//! What somebody who watches a job is told: every event once, in order, until the end.

use futures::future::join_all;
use leito_http::testing::{post, send};
use serde_json::json;
use store::access::Role;
use testkit::rows;

use crate::support::*;

#[tokio::test]
async fn a_watch_begins_with_what_happened_and_goes_on_with_what_happens() {
    let service = serving().await;
    let store = &service.app.store;
    let claimed = service.running().await;
    let job = claimed.job.id;
    let mut client = service.connected().await;
    client.watch(job, 0).await;
    let heard = client.hear().await;
    assert_eq!(
        (&heard["type"], &heard["status"]),
        (&json!("events"), &json!("running"))
    );
    let kinds: Vec<_> = heard["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["kind"])
        .collect();
    assert_eq!(kinds, ["queued", "claimed"]);
    assert_eq!(heard["next"], 2);

    progress(store, &claimed, 0.25).await;
    service.app.live.announce(store).await;
    let heard = client.hear().await;
    assert_eq!(heard["events"][0]["seq"], 3);
    assert_eq!(heard["events"][0]["data"]["fraction"], 0.25);

    complete(store, &claimed).await;
    service.app.live.announce(store).await;
    assert_eq!(client.until_end(job).await, (vec![4], json!("completed")));
    assert_eq!(service.count("live_watches").await, 0);
}

#[tokio::test]
async fn a_watch_begins_after_the_event_that_the_client_has() {
    let service = serving().await;
    let claimed = service.running().await;
    progress(&service.app.store, &claimed, 0.5).await;
    complete(&service.app.store, &claimed).await;
    let mut client = service.connected().await;
    client.watch(claimed.job.id, 2).await;
    let told = client.until_end(claimed.job.id).await;
    assert_eq!(told, (vec![3, 4], json!("completed")));
}

#[tokio::test]
async fn the_end_of_a_job_of_which_all_is_known_is_told_all_the_same() {
    let service = serving().await;
    let claimed = service.running().await;
    complete(&service.app.store, &claimed).await;
    let mut client = service.connected().await;
    client.watch(claimed.job.id, 3).await;
    let told = client.until_end(claimed.job.id).await;
    assert_eq!(told, (vec![], json!("completed")));
}

#[tokio::test]
async fn a_long_history_comes_in_pieces_without_a_gap() {
    let service = serving().await;
    let claimed = service.running().await;
    for number in 0..250 {
        progress(&service.app.store, &claimed, f64::from(number) / 250.0).await;
    }
    complete(&service.app.store, &claimed).await;
    let mut client = service.connected().await;
    client.watch(claimed.job.id, 0).await;
    let (seen, _) = client.until_end(claimed.job.id).await;
    assert_eq!(seen, (1..=253).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn events_of_many_writers_and_announcers_come_once_each_and_in_order() {
    const WRITERS: i64 = 4;
    const EVENTS: i64 = 60;
    let service = serving().await;
    let (app, claimed) = (&service.app, service.running().await);
    let job = claimed.job.id;
    let mut clients = join_all((0..3).map(|_| service.connected())).await;
    for (client, after) in clients.iter_mut().zip(0..) {
        client.watch(job, after).await;
    }
    let writing = (0..WRITERS).map(|_| {
        let (app, claimed) = (app.clone(), claimed.clone());
        tokio::spawn(async move {
            for number in 0..EVENTS {
                progress(&app.store, &claimed, number as f64 / EVENTS as f64).await;
                app.live.announce(&app.store).await;
            }
        })
    });
    let writing: Vec<_> = writing.collect();
    let ending = async {
        for writer in writing {
            writer.await.unwrap();
        }
        complete(&app.store, &claimed).await;
        app.live.announce(&app.store).await;
    };
    let hearing = join_all(clients.iter_mut().map(|client| client.until_end(job)));
    let (told, ()) = tokio::join!(hearing, ending);
    let last = 3 + WRITERS * EVENTS;
    for ((seen, status), after) in told.into_iter().zip(0..) {
        assert_eq!(status, "completed");
        assert_eq!(seen, (after + 1..=last).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn events_that_another_process_wrote_are_told_too() {
    let service = serving().await;
    let other = serving_on(&service.app.store).await;
    let claimed = service.running().await;
    let (mut here, mut there) = (service.connected().await, other.connected().await);
    for client in [&mut here, &mut there] {
        client.watch(claimed.job.id, 2).await;
        client.hear().await;
    }
    progress(&service.app.store, &claimed, 0.5).await;
    complete(&service.app.store, &claimed).await;
    for client in [&mut here, &mut there] {
        let (seen, _) = client.until_end(claimed.job.id).await;
        assert_eq!(seen, [3, 4]);
    }
}

#[tokio::test]
async fn a_strangers_job_looks_as_if_there_were_none() {
    let service = serving().await;
    let job = service.job().await;
    let stranger = service.another(None).await;
    let mut client = service.connected_as(stranger).await;
    client.watch(job, 0).await;
    let detail = client.hears_error("not_found").await;
    assert_eq!(detail, format!("there is no job {job}"));
    let viewer = service.another(Some(Role::Viewer)).await;
    let mut client = service.connected_as(viewer).await;
    client.watch(job, 0).await;
    assert_eq!(client.hear().await["type"], "events");
}

#[tokio::test]
async fn who_leaves_the_project_is_told_nothing_more() {
    let service = serving().await;
    let claimed = service.running().await;
    let viewer = service.another(Some(Role::Viewer)).await;
    let mut client = service.connected_as(viewer).await;
    client.watch(claimed.job.id, 2).await;
    client.hear().await;
    let leave = format!("DELETE FROM project_members WHERE user_id = '{viewer}'");
    service.sql(&leave).await;
    progress(&service.app.store, &claimed, 0.5).await;
    client.hears_error("not_found").await;
    service.until_count("live_watches", 0).await;
}

#[tokio::test]
async fn who_watches_a_job_that_is_deleted_is_told_so() {
    let service = serving().await;
    let (mut client, job) = (service.connected().await, service.job().await);
    client.watch(job, 1).await;
    client.hear().await;
    service.sql("DELETE FROM beds").await;
    let detail = client.hears_error("not_found").await;
    assert_eq!(detail, format!("there is no job {job} any more"));
}

#[tokio::test]
async fn a_cancellation_by_request_is_told_and_so_is_the_way_back() {
    let service = serving().await;
    let (mut client, job) = (service.connected().await, service.job().await);
    client.watch(job, 1).await;
    client.hear().await;
    send(
        &service.router,
        post(&format!("/api/v1/jobs/{job}/cancel"), ""),
    )
    .await
    .is(202);
    assert_eq!(client.until_end(job).await, (vec![2], json!("cancelled")));

    send(
        &service.router,
        post(&format!("/api/v1/jobs/{job}/retry"), ""),
    )
    .await
    .is(202);
    client.watch(job, 2).await;
    let heard = client.hear().await;
    assert_eq!(
        (&heard["type"], &heard["next"]),
        (&json!("events"), &json!(3))
    );
    assert_eq!(service.show(job).await["status"], "queued");
    assert_eq!(
        service
            .count(&format!(
                "live_connections WHERE user_id = '{}'",
                rows::USER
            ))
            .await,
        1
    );
}
