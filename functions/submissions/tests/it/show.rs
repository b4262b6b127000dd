use leito_http::testing::{get, send};
use serde_json::Value;
use store::access::Role;

use crate::support::{ids, path, serving};

#[tokio::test]
async fn a_submission_follows_its_jobs_to_the_numbers() {
    let service = serving().await;
    let submission = service.study().await;
    service.claim(ids(&submission["jobs"])[0]).await;
    assert_eq!(service.show(&submission).await["status"], "running");
    service
        .run("UPDATE jobs SET lease_expires_at = now() - interval '1 s' WHERE status = 'running'")
        .await;
    service.work(&submission).await;
    let done = service.show(&submission).await;
    assert_eq!(done["status"], "done");
    assert_eq!(done["error"], Value::Null);
    assert!(done["finished_at"].is_string());
    let simulation = &done["result"]["simulations"][0];
    assert_eq!(simulation["bed"], "demo");
    assert_eq!(
        simulation["velocities"][0]["comparisons"][0]["name"],
        "Ergun 1952"
    );
}

#[tokio::test]
async fn the_failure_of_a_job_is_the_error_of_the_submission() {
    let service = serving().await;
    let submission = service.study().await;
    service.fail(ids(&submission["jobs"])[0]).await;
    let failed = service.show(&submission).await;
    assert_eq!(failed["status"], "error");
    assert_eq!(failed["error"]["code"], "not_settled");
}

#[tokio::test]
async fn the_number_of_a_person_is_for_them_and_for_owners() {
    let service = serving().await;
    service
        .run("UPDATE users SET cpf = '52998224725' WHERE email NOT LIKE 'x%'")
        .await;
    let submission = service.study().await;
    assert_eq!(submission["actor"]["cpf"], "52998224725");
    let viewer = service.as_member(Some(Role::Viewer)).await;
    let seen = send(&viewer, get(&path(&submission, ""))).await.is(200);
    assert_eq!(seen["actor"]["cpf"], Value::Null);
    assert_eq!(seen["actor"]["name"], "Ada Example");
    let owner = service.as_member(Some(Role::Owner)).await;
    let seen = send(&owner, get(&path(&submission, ""))).await.is(200);
    assert_eq!(seen["actor"]["cpf"], "52998224725");
}

#[tokio::test]
async fn a_stranger_finds_no_submission() {
    let service = serving().await;
    let submission = service.study().await;
    let stranger = service.as_member(None).await;
    for action in ["", "/report"] {
        let answer = send(&stranger, get(&path(&submission, action))).await;
        answer.is_problem(404, "not_found");
    }
}
