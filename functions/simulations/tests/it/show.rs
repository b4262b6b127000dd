use axum::Router;
use leito_http::testing::{get, send, signed_in, with_store};
use leito_http::{App, service};
use serde_json::json;
use store::packings::Packing;
use store::results::Quantity;
use store::{bed_files, beds, jobs, packings, results, simulations};
use testkit::{Database, database, rows};
use uuid::Uuid;

async fn serving(database: &Database) -> (Router, App) {
    let app = with_store(database.store().clone()).await;
    let service = service(::simulations::router(), app.clone());
    (signed_in(service, &app, rows::USER), app)
}

fn packing(id: Uuid, bed_id: Uuid) -> Packing {
    Packing {
        id,
        bed_id,
        content_hash: "b".repeat(64),
        packing_seed: 42,
        particles_inside: 99,
        particles_escaped: 1,
        settled: true,
        max_overlap_ratio: 0.0002,
        wall_penetration_ratio: 0.0006,
        bed_height_m: 0.06,
        bulk_porosity: 0.43,
        core_porosity: None,
        mean_coordination: 5.2,
        detail: json!({}),
    }
}

fn quantity(velocity_index: i32, velocity: f64, name: &str, value: f64) -> Quantity {
    Quantity {
        velocity_index,
        superficial_velocity_m_s: velocity,
        quantity: name.to_owned(),
        value,
        unit: "Pa".to_owned(),
        uncertainty: (velocity_index == 0).then_some(0.5),
    }
}

fn picture(id: Uuid) -> bed_files::NewFile {
    bed_files::NewFile {
        id,
        kind: "picture".to_owned(),
        name: "pressure.png".to_owned(),
        object_key: "artifacts/x/pressure.png".to_owned(),
        content_type: "image/png".to_owned(),
        bytes: 1234,
        sha256: "c".repeat(64),
        unpacked: None,
    }
}

#[tokio::test]
async fn a_simulation_that_waits_shows_its_conditions_and_jobs() {
    let database = database().await;
    let (router, app) = serving(&database).await;
    let (bed, id, flow) = (app.ids.next(), app.ids.next(), app.ids.next());
    let mut client = app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    beds::insert(&tx, &rows::bed(bed)).await.unwrap();
    let new = rows::simulation(id, bed);
    simulations::insert(&tx, &new).await.unwrap();
    jobs::insert(&tx, &rows::flow_job(flow, &new, None))
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let shown = send(&router, get(&format!("/api/v1/simulations/{id}")))
        .await
        .is(200);
    assert_eq!(
        (shown["status"].as_str(), shown["regime"].as_str()),
        (Some("pending"), Some("laminar"))
    );
    assert_eq!(shown["conditions"], new.conditions);
    assert_eq!(shown["jobs"][0]["id"], flow.to_string());
    assert_eq!(
        (shown["results"].clone(), shown["packing"].clone()),
        (json!([]), json!(null))
    );
}

#[tokio::test]
async fn a_simulation_with_results_shows_them_velocity_by_velocity() {
    let database = database().await;
    let (router, app) = serving(&database).await;
    let (bed, id, packed, file) = (
        app.ids.next(),
        app.ids.next(),
        app.ids.next(),
        app.ids.next(),
    );
    let mut client = app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    beds::insert(&tx, &rows::bed(bed)).await.unwrap();
    simulations::insert(&tx, &rows::simulation(id, bed))
        .await
        .unwrap();
    packings::insert(&tx, &packing(packed, bed)).await.unwrap();
    let summary = json!({ "comparisons": [{ "name": "Ergun", "in_range": true }] });
    simulations::summarise(&tx, id, Some(packed), &summary)
        .await
        .unwrap();
    let all = [
        quantity(1, 0.1, "pressure_drop_pa", 20.0),
        quantity(0, 0.3, "pressure_drop_pa", 90.0),
        quantity(0, 0.3, "pressure_gradient_pa_m", 900.0),
    ];
    results::insert(&tx, id, &all).await.unwrap();
    bed_files::insert(&tx, bed, Some(id), &[picture(file)])
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let shown = send(&router, get(&format!("/api/v1/simulations/{id}")))
        .await
        .is(200);
    assert_eq!(shown["packing"]["bulk_porosity"], 0.43);
    assert_eq!(shown["summary"], summary);
    assert_eq!(shown["results"][0]["superficial_velocity_m_s"], 0.3);
    let drop = &shown["results"][0]["quantities"]["pressure_drop_pa"];
    assert_eq!(
        drop,
        &json!({ "value": 90.0, "unit": "Pa", "uncertainty": 0.5 })
    );
    assert_eq!(
        shown["results"][1]["quantities"]["pressure_drop_pa"]["uncertainty"],
        json!(null)
    );
    assert_eq!(
        shown["files"][0]["href"],
        format!("/api/v1/beds/{bed}/files/{file}")
    );
}

#[tokio::test]
async fn a_simulation_that_is_not_there_is_not_found() {
    let database = database().await;
    let (router, _) = serving(&database).await;
    send(
        &router,
        get(&format!("/api/v1/simulations/{}", Uuid::nil())),
    )
    .await
    .is_problem(404, "not_found");
    send(&router, get("/api/v1/simulations/last"))
        .await
        .is_problem(400, "invalid_path");
}
