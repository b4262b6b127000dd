use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{Answer, get, post, send};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Service, serving, spec};

fn put(path: &str, tag: Option<&str>, body: &Value) -> Request<Body> {
    let request = Request::put(path).header("content-type", "application/json");
    let request = match tag {
        Some(tag) => request.header("if-match", tag),
        None => request,
    };
    request.body(body.to_string().into()).unwrap()
}

/// The path of a stored bed and its tag.
async fn stored(service: &Service) -> (String, String) {
    let path = format!("/api/v1/beds/{}", service.bed().await);
    let tag = send(&service.router, get(&path))
        .await
        .header("etag")
        .to_owned();
    (path, tag)
}

async fn change(service: &Service, path: &str, tag: &str, body: &Value) -> Answer {
    send(&service.router, put(path, Some(tag), body)).await
}

#[tokio::test]
async fn a_changed_bed_is_planned_anew_and_has_another_tag() {
    let service = serving().await;
    let (path, tag) = stored(&service).await;
    let mut wide = spec();
    wide["geometry"]["diameter_m"] = json!(0.025);
    let answer = change(
        &service,
        &path,
        &tag,
        &json!({ "spec": wide, "description": "wider" }),
    )
    .await;
    let bed = answer.is(200);
    assert_eq!(bed["plan"]["tube_to_particle_ratio"], 5.0);
    assert_eq!(
        (bed["version"].as_i64(), bed["description"].as_str()),
        (Some(2), Some("wider"))
    );
    let read = send(&service.router, get(&path)).await;
    assert_eq!(read.is(200), bed);
    assert_eq!(read.header("etag"), answer.header("etag"));
    let found = send(
        &service.router,
        get("/api/v1/beds?tube_to_particle_ratio_min=5"),
    )
    .await
    .is(200);
    assert_eq!(found["beds"][0]["id"], bed["id"]);
}

#[tokio::test]
async fn what_is_left_out_stays() {
    let service = serving().await;
    let (path, tag) = stored(&service).await;
    let first = change(&service, &path, &tag, &json!({ "name": "renamed" })).await;
    let bed = first.is(200);
    assert_eq!(
        (bed["name"].as_str(), bed["spec"]["name"].as_str()),
        (Some("renamed"), Some("renamed"))
    );
    assert_eq!(bed["spec"]["particles"]["count"], 100);
    let source = "bed other { geometry { diameter = 2 cm; height = 10 cm; } particles { diameter = 5 mm; count = 90; } }";
    let body = json!({ "source": source, "name": "renamed" });
    let second = change(&service, &path, first.header("etag"), &body)
        .await
        .is(200);
    assert_eq!(
        (
            second["name"].as_str(),
            second["spec"]["particles"]["count"].as_i64()
        ),
        (Some("renamed"), Some(90))
    );
}

#[tokio::test]
async fn a_change_says_what_it_is_based_on() {
    let service = serving().await;
    let (path, tag) = stored(&service).await;
    let body = json!({ "description": "new" });
    send(&service.router, put(&path, None, &body))
        .await
        .is_problem(428, "precondition_required");
    change(&service, &path, "\"7\"", &body)
        .await
        .is_problem(412, "precondition_failed");
    change(&service, &path, &tag, &body).await.is(200);
    change(&service, &path, &tag, &body)
        .await
        .is_problem(412, "precondition_failed");
    change(&service, &path, "*", &body).await.is(200);
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_refused() {
    let service = serving().await;
    let (path, tag) = stored(&service).await;
    let start = |text: &str| {
        let request = put(&path, Some(&tag), &json!({ "description": text }));
        let router = service.router.clone();
        tokio::spawn(async move { send(&router, request).await.status.as_u16() })
    };
    let (one, two) = (start("one"), start("two"));
    let mut both = [one.await.unwrap(), two.await.unwrap()];
    both.sort_unstable();
    assert_eq!(both, [200, 412]);
}

#[tokio::test]
async fn a_change_to_something_impossible_changes_nothing() {
    let service = serving().await;
    let (path, tag) = stored(&service).await;
    service.bed_named("taken").await;
    let mut shallow = spec();
    shallow["geometry"]["diameter_m"] = json!(0.1);
    for (body, status, code) in [
        (json!({ "spec": shallow }), 422, "impossible_bed"),
        (json!({ "spec": {} }), 422, "invalid_body"),
        (json!({ "source": "bed {" }), 422, "invalid_source"),
        (
            json!({ "spec": spec(), "source": "bed" }),
            422,
            "invalid_body",
        ),
        (json!({ "name": "a b" }), 422, "invalid_body"),
        (json!({ "name": "taken" }), 409, "name_taken"),
        (
            json!({ "description": "x".repeat(2001) }),
            422,
            "invalid_body",
        ),
        (json!({ "version": 3 }), 422, "invalid_body"),
    ] {
        change(&service, &path, &tag, &body)
            .await
            .is_problem(status, code);
    }
    assert_eq!(send(&service.router, get(&path)).await.header("etag"), tag);
}

#[tokio::test]
async fn who_may_not_change_it_is_told_so_and_a_stranger_nothing() {
    let service = serving().await;
    let (path, tag) = stored(&service).await;
    let body = json!({ "description": "mine" });
    for (role, status) in [(None, 404), (Some("viewer"), 403), (Some("editor"), 200)] {
        let router = service.for_another(role).await;
        assert_eq!(
            send(&router, put(&path, Some(&tag), &body)).await.status,
            status,
            "{role:?}"
        );
    }
    let missing = format!("/api/v1/beds/{}", Uuid::nil());
    change(&service, &missing, &tag, &body)
        .await
        .is_problem(404, "not_found");
}

#[tokio::test]
async fn a_changed_bed_is_packed_anew_and_keeps_the_simulations_of_before() {
    let service = serving().await;
    let (path, tag) = stored(&service).await;
    let simulate = async || {
        let begun = send(&service.router, post(&format!("{path}/simulate"), "{}"))
            .await
            .is(202);
        let jobs = begun["jobs"].as_array().unwrap().clone();
        let kinds: Vec<_> = jobs
            .iter()
            .map(|job| job["kind"].as_str().unwrap().to_owned())
            .collect();
        (
            kinds,
            begun["simulation"]["id"].as_str().unwrap().to_owned(),
        )
    };
    let (kinds, first) = simulate().await;
    assert_eq!(kinds, ["packing", "flow"]);
    assert_eq!(
        simulate().await.0,
        ["flow"],
        "the packing that waits is that of the bed"
    );

    let mut other = spec();
    other["particles"]["friction"] = json!(0.5);
    other["flow"]["fluid_density_kg_m3"] = json!(998.0);
    let changed = change(&service, &path, &tag, &json!({ "spec": other })).await;
    changed.is(200);
    assert_eq!(
        simulate().await.0,
        ["packing", "flow"],
        "the packing that waits is another bed's"
    );
    let density = service
        .sql(&format!(
            "SELECT conditions ->> 'fluid_density_kg_m3' FROM simulations WHERE id = '{first}'"
        ))
        .await;
    assert_eq!(density, "1.225");

    let body = json!({ "spec": spec() });
    change(&service, &path, changed.header("etag"), &body)
        .await
        .is(200);
    assert_eq!(
        simulate().await.0,
        ["flow"],
        "and now it is that of the bed again"
    );
}

#[tokio::test]
async fn every_change_is_on_record() {
    let service = serving().await;
    let (path, tag) = stored(&service).await;
    change(&service, &path, &tag, &json!({ "description": "new" }))
        .await
        .is(200);
    send(&service.router, post(&format!("{path}/duplicate"), ""))
        .await
        .is(201);
    send(&service.router, post(&format!("{path}/generate"), ""))
        .await
        .is(202);
    send(&service.router, post(&format!("{path}/simulate"), ""))
        .await
        .is(202);
    let record = "SELECT string_agg(kind || ' ' || action, ', ' ORDER BY id) FROM automation_audits
        WHERE project_id IS NOT NULL AND user_id IS NOT NULL AND target_id IS NOT NULL";
    assert_eq!(
        service.sql(record).await,
        "bed created, bed updated, bed created, job started, simulation started"
    );
}
