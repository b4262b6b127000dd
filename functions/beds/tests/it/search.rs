use leito_http::testing::{get, post, send};
use serde_json::{Value, json};
use testkit::rows;

use crate::support::{Service, serving, spec};

/// Stores the bed of the usual specification with these places of it changed.
async fn bed(service: &Service, name: &str, changes: &[(&str, Value)]) -> String {
    let mut spec = spec();
    spec["name"] = json!(name);
    for (pointer, value) in changes {
        *spec.pointer_mut(pointer).unwrap() = value.clone();
    }
    let body = json!({ "spec": spec, "description": format!("about {name}") });
    let created = send(&service.router, post("/api/v1/beds", body.to_string())).await;
    created.is(201)["id"].as_str().unwrap().to_owned()
}

async fn three(service: &Service) {
    bed(service, "narrow", &[]).await;
    bed(
        service,
        "wide",
        &[
            ("/geometry/diameter_m", json!(0.03)),
            ("/particles/count", json!(250)),
        ],
    )
    .await;
    bed(
        service,
        "fast",
        &[("/flow/velocities_m_s", json!([0.2, 0.4]))],
    )
    .await;
}

/// The names of the beds that are found, in order.
async fn names(service: &Service, query: &str) -> Vec<String> {
    let found = send(&service.router, get(&format!("/api/v1/beds?{query}")))
        .await
        .is(200);
    named(&found)
}

fn named(found: &Value) -> Vec<String> {
    let beds = found["beds"].as_array().unwrap();
    beds.iter()
        .map(|bed| bed["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn beds_are_listed_newest_first_without_their_specification() {
    let service = serving().await;
    three(&service).await;
    let found = send(&service.router, get("/api/v1/beds")).await.is(200);
    assert_eq!(named(&found), ["fast", "wide", "narrow"]);
    assert_eq!(found["next"], Value::Null);
    let wide = &found["beds"][1];
    assert_eq!(
        (
            wide["tube_diameter_m"].as_f64(),
            wide["particle_count"].as_i64()
        ),
        (Some(0.03), Some(250))
    );
    assert_eq!(wide["tube_to_particle_ratio"], 6.0);
    assert!(wide.get("spec").is_none() && wide["description"] == "about wide");
}

#[tokio::test]
async fn any_parameter_can_be_searched_by_its_range() {
    let service = serving().await;
    three(&service).await;
    for (query, expected) in [
        ("tube_diameter_m_min=0.025", &["wide"][..]),
        ("tube_diameter_m_max=0.02", &["fast", "narrow"]),
        (
            "tube_to_particle_ratio_min=6&tube_to_particle_ratio_max=6",
            &["wide"],
        ),
        ("particle_count_min=100.5", &["wide"]),
        ("particle_count_max=100.5", &["fast", "narrow"]),
        ("particle_diameter_m_min=0.006", &[]),
        ("superficial_velocity_m_s_min=0.3", &["fast"]),
        (
            "superficial_velocity_m_s_min=0.06&superficial_velocity_m_s_max=0.3",
            &["fast", "wide", "narrow"],
        ),
        (
            "flow_fluid_density_kg_m3_max=2",
            &["fast", "wide", "narrow"],
        ),
        ("flow_fluid_density_kg_m3_min=2", &[]),
        (
            "particles_friction_min=0.1&packing_seed_max=42&shape=sphere",
            &["fast", "wide", "narrow"],
        ),
        ("flow_regime=turbulent_rans", &[]),
        ("flow_write_fields=false", &[]),
        (
            "export_formats=stl&flow_regime=laminar",
            &["fast", "wide", "narrow"],
        ),
    ] {
        assert_eq!(names(&service, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn beds_are_found_by_words_owner_project_time_and_state() {
    let service = serving().await;
    three(&service).await;
    let wide = bed(&service, "packed", &[]).await;
    send(
        &service.router,
        post(&format!("/api/v1/beds/{wide}/generate"), ""),
    )
    .await
    .is(202);
    let (user, project) = (rows::USER, rows::PROJECT);
    for (query, expected) in [
        ("text=WID", &["wide"][..]),
        ("text=about+nar", &["narrow"]),
        ("text=bout", &[]),
        ("name=wide", &["wide"]),
        ("name=wid", &[]),
        ("status=busy", &["packed"]),
        (
            "status=unpacked&sort=name",
            &["fast", "narrow", "packed", "wide"],
        ),
        ("status=packed", &[]),
        ("status=simulated", &[]),
        (&format!("created_by={user}&limit=1"), &["packed"]),
        (&format!("project_id={project}&text=fast"), &["fast"]),
        ("created_by=00000000-0000-0000-0000-000000000000", &[]),
        ("project_id=00000000-0000-0000-0000-000000000000", &[]),
        ("created_to=2001-01-01T00:00:00Z", &[]),
        ("created_to=-009999-01-02T01:59:59Z", &[]),
        (
            "updated_from=2001-01-01T00:00:00Z&created_to=9999-01-01T00:00:00Z&limit=1",
            &["packed"],
        ),
    ] {
        assert_eq!(names(&service, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn every_order_is_walked_page_by_page_without_a_gap_or_a_repetition() {
    let service = serving().await;
    three(&service).await;
    bed(&service, "twin", &[]).await;
    for sort in [
        "created_at",
        "updated_at",
        "name",
        "tube_diameter_m",
        "tube_height_m",
        "particle_diameter_m",
        "particle_count",
        "tube_to_particle_ratio",
    ] {
        for sign in ["", "-"] {
            let project = format!("sort={sign}{sort}&project_id={}", rows::PROJECT);
            for query in [format!("sort={sign}{sort}"), project] {
                let whole = names(&service, &query).await;
                assert_eq!(whole.len(), 4, "{query}");
                assert_eq!(walked(&service, &query).await, whole, "{query}");
                assert_eq!(
                    names(&service, &format!("{query}&offset=2")).await,
                    whole[2..],
                    "{query}"
                );
            }
        }
    }
}

/// All names, from pages of one.
async fn walked(service: &Service, query: &str) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/beds?{query}&limit=1{after}");
        let page = send(&service.router, get(&path)).await.is(200);
        names.extend(named(&page));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return names,
        }
    }
}

#[tokio::test]
async fn a_page_stays_where_it_was_when_beds_come_and_go() {
    let service = serving().await;
    three(&service).await;
    let first = send(&service.router, get("/api/v1/beds?limit=1"))
        .await
        .is(200);
    let next = first["next"].as_str().unwrap();
    bed(&service, "newer", &[]).await;
    let id = first["beds"][0]["id"].as_str().unwrap();
    service.sql(&format!("WITH gone AS (DELETE FROM beds WHERE id = '{id}' RETURNING 1) SELECT count(*) FROM gone")).await;
    assert_eq!(
        names(&service, &format!("after={next}")).await,
        ["wide", "narrow"]
    );
}

#[tokio::test]
async fn what_a_search_does_not_know_is_refused_and_nothing_in_it_is_our_fault() {
    let service = serving().await;
    three(&service).await;
    for query in [
        "limit=0",
        "limit=501",
        "limit=x",
        "offset=10001",
        "offset=-1",
        "after=zz",
        "after=00",
        "sort=spec",
        "sort=--name",
        "status=new",
        "shape=cube",
        "flow_regime=%27",
        "packing_seed_min=NaN",
        "packing_seed_min=inf",
        "tube_diameter_m_min=1;DROP",
        "flow_write_fields=yes",
        "project_id=1",
        "created_from=yesterday",
        "geometry_diameter_m_min=1",
        "unknown=1",
        "limit=1&limit=1",
        "text=%00",
        "name=a%00b",
    ] {
        let answer = send(&service.router, get(&format!("/api/v1/beds?{query}"))).await;
        answer.is_problem(400, "invalid_query");
    }
    for hostile in [
        "%27",
        "%27%29%3B%20DROP%20TABLE%20beds%3B--",
        "%5C",
        "%26%7C%21%28%29%3A%2A",
        "%3C-%3E",
        "%22",
        "a%5C%27b",
        "%F0%9F%A6%80",
        "e%CC%81",
        "%20",
        "",
        "%E2%80%AE",
        "wide%27%3A%2A%20%7C%20%27fast",
    ] {
        for parameter in ["text", "name"] {
            let path = format!("/api/v1/beds?{parameter}={hostile}");
            let found = send(&service.router, get(&path)).await.is(200);
            assert_eq!(found["beds"], json!([]), "{path}");
        }
    }
    assert_eq!(names(&service, "").await.len(), 3);
}

#[tokio::test]
async fn strangers_find_nothing_and_viewers_everything() {
    let service = serving().await;
    three(&service).await;
    for (role, count) in [(None, 0), (Some("viewer"), 3)] {
        let router = service.for_another(role).await;
        for query in ["", &format!("?project_id={}", rows::PROJECT)] {
            let found = send(&router, get(&format!("/api/v1/beds{query}")))
                .await
                .is(200);
            assert_eq!(named(&found).len(), count, "{role:?} {query}");
        }
    }
}
