use leito_http::testing::{get, post, send};
use serde_json::{Value, json};
use store::projects;
use testkit::rows;
use uuid::Uuid;

use crate::support::{Service, serving, spec};

async fn copy(service: &Service, bed: &str, body: &Value) -> Value {
    let path = format!("/api/v1/beds/{bed}/duplicate");
    send(&service.router, post(&path, body.to_string()))
        .await
        .is(201)
}

#[tokio::test]
async fn copies_get_names_of_their_own() {
    let service = serving().await;
    let bed = service.bed().await;
    let first = copy(&service, &bed, &json!({})).await;
    let second = copy(&service, &bed, &json!({ "description": "again" })).await;
    let third = copy(&service, &bed, &json!({ "name": "other" })).await;
    let names = [&first, &second, &third].map(|copy| copy["name"].as_str().unwrap().to_owned());
    assert_eq!(names, ["demo-copy", "demo-copy-2", "other"]);
    assert_eq!(second["description"], "again");
    assert_eq!(
        (
            first["version"].as_i64(),
            first["spec"]["particles"]["count"].as_i64()
        ),
        (Some(1), Some(100))
    );
    let path = format!("/api/v1/beds/{bed}/duplicate");
    let taken = post(&path, json!({ "name": "demo" }).to_string());
    assert_eq!(
        send(&service.router, taken).await.is(200)["id"],
        bed.as_str(),
        "a copy of that name is the bed"
    );
    let wrong = post(&path, json!({ "name": "a b" }).to_string());
    send(&service.router, wrong)
        .await
        .is_problem(422, "invalid_body");
}

#[tokio::test]
async fn a_viewer_copies_into_a_project_of_their_own_alone() {
    let service = serving().await;
    let bed = service.bed().await;
    let (router, user) = service.with_another(Some("viewer")).await;
    let path = format!("/api/v1/beds/{bed}/duplicate");
    send(&router, post(&path, ""))
        .await
        .is_problem(403, "forbidden");
    let own = service.app.ids.next();
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    projects::insert(&tx, &rows::project(own, user))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let body = json!({ "project_id": own, "name": "demo" }).to_string();
    assert_eq!(
        send(&router, post(&path, body)).await.is(201)["project_id"],
        own.to_string()
    );
    let foreign = json!({ "project_id": Uuid::nil() }).to_string();
    send(&router, post(&path, foreign))
        .await
        .is_problem(404, "not_found");
    let stranger = service.for_another(None).await;
    send(&stranger, post(&path, ""))
        .await
        .is_problem(404, "not_found");
}

#[tokio::test]
async fn an_exported_bed_reads_back_as_the_same() {
    let service = serving().await;
    let bed = service.bed().await;
    let answer = send(&service.router, get(&format!("/api/v1/beds/{bed}/source"))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"demo.bed\""
    );
    let text = String::from_utf8(answer.body).unwrap();
    let again = json!({ "source": text }).to_string();
    let same = send(&service.router, post("/api/v1/beds", again))
        .await
        .is(200);
    assert_eq!(same["id"], bed.as_str(), "{text}");
    assert_eq!(
        bed::parse(&text, "demo").unwrap(),
        bed::from_value(&spec()).unwrap()
    );
    let stranger = service.for_another(None).await;
    send(&stranger, get(&format!("/api/v1/beds/{bed}/source")))
        .await
        .is_problem(404, "not_found");
}

#[tokio::test]
async fn a_taken_name_says_whose_it_is() {
    let service = serving().await;
    let bed = service.bed().await;
    let mut other = spec();
    other["particles"]["count"] = json!(90);
    let answer = send(
        &service.router,
        post("/api/v1/beds", json!({ "spec": other }).to_string()),
    )
    .await;
    answer.is_problem(409, "name_taken");
    assert_eq!(answer.header("location"), format!("/api/v1/beds/{bed}"));
}
