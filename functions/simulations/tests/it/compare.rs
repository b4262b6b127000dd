use axum::http::Request;
use leito_http::testing::{get, send};
use serde_json::json;
use store::access::Role;
use uuid::Uuid;

use crate::support::serving;

#[tokio::test]
async fn simulations_stand_side_by_side_in_the_order_asked_for() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let one = service.with_results(bed, &[(0.1, 10.0), (0.2, 30.0)]).await;
    let two = service.simulation(bed).await;
    let path = format!("/api/v1/simulations/compare?ids={two},{one},{two}");
    let table = send(&service.router, get(&path)).await.is(200);
    assert_eq!(
        table["quantities"],
        json!([{ "name": "particle_reynolds", "unit": "" }, { "name": "pressure_gradient_pa_m", "unit": "Pa/m" }])
    );
    let rows = table["rows"].as_array().unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["simulation_id"].clone(),
                row["superficial_velocity_m_s"].clone(),
                row["values"].clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (json!(two), json!(null), json!([null, null])),
            (json!(one), json!(0.1), json!([10.0, 10.0])),
            (json!(one), json!(0.2), json!([20.0, 30.0])),
        ]
    );
    assert_eq!(rows[1]["uncertainties"], json!([null, 1.0]));
    assert_eq!(
        (rows[0]["bed_name"].as_str(), rows[0]["status"].as_str()),
        (Some("demo"), Some("pending"))
    );
}

#[tokio::test]
async fn a_spreadsheet_gets_a_table_with_units_and_no_formula() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let one = service.with_results(bed, &[(0.1, -10.5)]).await;
    // No bed can have such a name today; one of an earlier version, or of another program, might.
    service
        .sql("UPDATE beds SET name = '=HYPERLINK(\"x\")'")
        .await;
    let path = format!("/api/v1/simulations/compare.csv?ids={one}");
    let answer = send(&service.router, get(&path)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(
        text,
        format!(
            "simulation_id,bed,status,regime,superficial_velocity [m/s],particle_reynolds [-],\
             particle_reynolds uncertainty [-],pressure_gradient_pa_m [Pa/m],pressure_gradient_pa_m uncertainty [Pa/m]\n\
             {one},\"'=HYPERLINK(\"\"x\"\")\",cancelled,laminar,0.1,10,,-10.5,1.05\n"
        )
    );
    let asked = Request::get(path.replace(".csv", ""))
        .header("accept", "text/csv, application/json")
        .body("".into())
        .unwrap();
    assert_eq!(send(&service.router, asked).await.body, text.into_bytes());
}

#[tokio::test]
async fn one_that_is_not_there_is_named_and_the_number_is_limited() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let one = service.simulation(bed).await;
    let compare = |ids: String| get(&format!("/api/v1/simulations/compare?ids={ids}"));
    let missing = Uuid::from_u128(7);
    let problem = send(&service.router, compare(format!("{one},{missing}")))
        .await
        .is_problem(404, "not_found");
    assert_eq!(
        problem["detail"],
        format!("there is no simulation {missing}")
    );
    let many: Vec<_> = (1..=101).map(|n| Uuid::from_u128(n).to_string()).collect();
    for ids in [
        String::new(),
        "x".to_owned(),
        format!("{one},"),
        many.join(","),
    ] {
        send(&service.router, compare(ids))
            .await
            .is_problem(400, "invalid_query");
    }
    send(&service.router, get("/api/v1/simulations/compare"))
        .await
        .is_problem(400, "invalid_query");
    let viewer = service.for_another(Some(Role::Viewer)).await;
    send(&viewer, compare(one.to_string())).await.is(200);
    let stranger = service.for_another(None).await;
    send(&stranger, compare(one.to_string()))
        .await
        .is_problem(404, "not_found");
}
