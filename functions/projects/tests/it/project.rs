use leito_http::testing::send;
use serde_json::{Value, json};
use testkit::rows;

use crate::support::*;

#[tokio::test]
async fn its_author_owns_a_project() {
    let service = serving().await;
    let ada = service.somebody().await;
    let new = json!({ "name": " Supports ", "description": "Rings and spheres." });
    let made = service.call(ada, "POST", "/projects", &new).await;
    let project = made.is(201);
    assert_eq!(
        (&project["name"], &project["role"], &project["version"]),
        (&json!("Supports"), &json!("owner"), &json!(1))
    );
    let found = send(
        &service.router,
        service
            .request(
                ada,
                "GET",
                made.header("location").strip_prefix("/api/v1").unwrap(),
            )
            .body("".into())
            .unwrap(),
    )
    .await;
    assert_eq!(found.is(200), project);
    assert_eq!(found.header("etag"), made.header("etag"));
    assert_eq!(service.audits("created").await, 1);
}

#[tokio::test]
async fn a_project_needs_a_name_of_reasonable_length() {
    let service = serving().await;
    let ada = service.somebody().await;
    for (name, description) in [
        (" ".to_owned(), String::new()),
        ("x".repeat(101), String::new()),
        ("x\ny".to_owned(), String::new()),
        ("x".to_owned(), "x".repeat(2001)),
    ] {
        let new = json!({ "name": name, "description": description });
        service
            .call(ada, "POST", "/projects", &new)
            .await
            .is_problem(422, "invalid_body");
    }
}

async fn update(
    service: &Service,
    path: &str,
    name: &str,
    tag: Option<&str>,
) -> leito_http::testing::Answer {
    let mut request = service.request(rows::USER, "PUT", path);
    if let Some(tag) = tag {
        request = request.header("if-match", tag);
    }
    let body = json!({ "name": name }).to_string();
    send(&service.router, request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn an_update_says_what_it_is_based_on() {
    let service = serving().await;
    let path = service.project(rows::USER, "One").await;
    let read = service.get(rows::USER, &path).await;
    let tag = read.header("etag");
    update(&service, &path, "Two", None)
        .await
        .is_problem(428, "precondition_required");
    let updated = update(&service, &path, "Two", Some(tag)).await;
    assert_eq!(updated.is(200)["version"], 2);
    update(&service, &path, "Three", Some(tag))
        .await
        .is_problem(412, "precondition_failed");
    let again = update(&service, &path, "Three", Some(updated.header("etag"))).await;
    assert_eq!(again.is(200)["name"], "Three");
    update(&service, &path, "Four", Some("*")).await.is(200);
    assert_eq!(service.audits("updated").await, 3);
}

#[tokio::test]
async fn of_two_updates_based_on_the_same_one_is_refused() {
    let service = serving().await;
    let path = service.project(rows::USER, "One").await;
    let read = service.get(rows::USER, &path).await;
    let tag = Some(read.header("etag"));
    let (one, two) = tokio::join!(
        update(&service, &path, "Two", tag),
        update(&service, &path, "Three", tag)
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn a_deleted_project_takes_everything_along_and_buries_its_objects() {
    let service = serving().await;
    let path = format!("/projects/{}", rows::PROJECT);
    let client = service.client().await;
    client
        .batch_execute(
            "INSERT INTO beds (id, project_id, name, spec, spec_hash, tube_diameter_m, tube_height_m,
                particle_diameter_m, particle_count)
             SELECT gen_random_uuid(), id, 'b', '{}', repeat('a', 64), 0.05, 0.1, 0.005, 100 FROM projects;
             INSERT INTO bed_files (id, bed_id, kind, name, object_key, content_type, bytes, sha256)
             SELECT gen_random_uuid(), id, 'particles', 'p.csv', 'artifacts/p.csv', 'text/csv', 5, repeat('d', 64) FROM beds",
        )
        .await
        .unwrap();
    let gone = service
        .call(rows::USER, "DELETE", &path, &Value::Null)
        .await;
    assert_eq!(gone.status, 204);
    service
        .get(rows::USER, &path)
        .await
        .is_problem(404, "not_found");
    let left = "SELECT (SELECT count(*) FROM beds), (SELECT count(*) FROM object_tombstones
        WHERE object_key = 'artifacts/p.csv')";
    let left = client.query_one(left, &[]).await.unwrap();
    assert_eq!((left.get::<_, i64>(0), left.get::<_, i64>(1)), (0, 1));
    assert_eq!(service.audits("deleted").await, 1);
}
