use job::{EventKind, Failure};
use leito_http::testing::{get, post, send};
use store::access::Role;
use store::{job_events, jobs};
use uuid::Uuid;

use crate::support::{Service, claim, complete, serving};

async fn fail(service: &Service, id: Uuid) {
    let claimed = claim(&service.app.store, id).await;
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    jobs::fail(
        &tx,
        &claimed,
        &Failure::permanent("not_settled", "still moving"),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

fn retry(id: Uuid) -> axum::http::Request<axum::body::Body> {
    post(&format!("/api/v1/jobs/{id}/retry"), "")
}

#[tokio::test]
async fn a_failed_job_is_queued_again_as_good_as_new() {
    let service = serving().await;
    let id = service.job().await;
    fail(&service, id).await;
    let job = send(&service.router, retry(id)).await.is(202);
    assert_eq!(
        (
            job["status"].as_str(),
            job["attempt"].as_i64(),
            job["error"].is_null(),
            job["finished_at"].is_null()
        ),
        (Some("queued"), Some(0), true, true)
    );
    let client = service.app.store.client().await.unwrap();
    let kinds: Vec<_> = job_events::list(&client, id, 0, 10)
        .await
        .unwrap()
        .iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            EventKind::Queued,
            EventKind::Claimed,
            EventKind::Failed,
            EventKind::Retried
        ]
    );
    complete(&service.app.store, &claim(&service.app.store, id).await).await;
    send(&service.router, retry(id))
        .await
        .is_problem(409, "conflict");
}

#[tokio::test]
async fn a_cancelled_job_too_and_one_that_is_not_over_is_not() {
    let service = serving().await;
    let id = service.job().await;
    send(&service.router, retry(id))
        .await
        .is_problem(409, "conflict");
    send(
        &service.router,
        post(&format!("/api/v1/jobs/{id}/cancel"), ""),
    )
    .await
    .is(202);
    assert_eq!(
        send(&service.router, retry(id)).await.is(202)["status"],
        "queued"
    );
    claim(&service.app.store, id).await;
    send(&service.router, retry(id))
        .await
        .is_problem(409, "conflict");
}

#[tokio::test]
async fn a_flow_waits_for_its_packing_to_be_tried_again_first() {
    let service = serving().await;
    let (packing, bed) = service.job_and_bed().await;
    let flow = service.flow_after(packing, bed).await;
    fail(&service, packing).await;
    let problem = send(&service.router, retry(flow))
        .await
        .is_problem(409, "conflict");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("retry that one first"),
        "{problem}"
    );
    send(&service.router, retry(packing)).await.is(202);
    assert_eq!(
        send(&service.router, retry(flow)).await.is(202)["status"],
        "queued"
    );
    complete(
        &service.app.store,
        &claim(&service.app.store, packing).await,
    )
    .await;
    claim(&service.app.store, flow).await;
}

#[tokio::test]
async fn who_may_not_retry_is_told_so_and_a_stranger_nothing() {
    let service = serving().await;
    let id = service.job().await;
    fail(&service, id).await;
    for (role, status) in [
        (None, 404),
        (Some(Role::Viewer), 403),
        (Some(Role::Editor), 202),
    ] {
        let router = service.for_another(role).await;
        assert_eq!(send(&router, retry(id)).await.status, status, "{role:?}");
    }
    let client = service.app.store.client().await.unwrap();
    let record = "SELECT count(*) FROM automation_audits WHERE kind = 'job' AND action = 'retried'";
    assert_eq!(
        client
            .query_one(record, &[])
            .await
            .unwrap()
            .get::<_, i64>(0),
        1
    );
}

#[tokio::test]
async fn a_job_tells_its_place_in_the_queue_its_time_and_its_cost() {
    let service = serving().await;
    let first = service.job().await;
    let (second, bed) = service.job_and_bed().await;
    service.flow_after(first, bed).await;
    let third = service.job().await;
    let shown = async |id: Uuid| {
        send(&service.router, get(&format!("/api/v1/jobs/{id}")))
            .await
            .is(200)
    };
    for (id, ahead) in [(first, 0), (second, 1), (third, 2)] {
        let job = shown(id).await;
        assert_eq!(
            (job["jobs_ahead"].as_i64(), job["running_s"].as_f64()),
            (Some(ahead), Some(0.0))
        );
    }
    fail(&service, first).await;
    assert_eq!(shown(third).await["jobs_ahead"], 1);
    // An hour in the hands of a worker that failed, another in those of one that is at it.
    service
        .sql("UPDATE job_events SET at = at - interval '2 hours' WHERE kind = 'claimed'")
        .await;
    service
        .sql("UPDATE job_events SET at = at - interval '1 hour' WHERE kind = 'failed'")
        .await;
    send(&service.router, retry(first)).await.is(202);
    claim(&service.app.store, first).await;
    service
        .sql("UPDATE job_events SET at = at - interval '1 hour' WHERE kind = 'claimed' AND seq > 3")
        .await;
    let job = shown(first).await;
    assert!(job["jobs_ahead"].is_null());
    let (seconds, cost) = (
        job["running_s"].as_f64().unwrap(),
        job["cost_usd"].as_f64().unwrap(),
    );
    assert!((7200.0..7300.0).contains(&seconds), "{seconds}");
    let price = bed::Machine::default().cost_usd(7200.0);
    assert!((price..price * 1.02).contains(&cost), "{cost} of {price}");
    let task = send(&service.router, get(&format!("/api/v1/task/{third}")))
        .await
        .is(200);
    assert_eq!(task["id"], third.to_string());
}
