use serde_json::{Value, json};

use crate::api::Api;
use crate::leito::Place;

/// Thirty spheres, three diameters wide, in water at two velocities.
pub fn small() -> Value {
    json!({
        "name": "small",
        "geometry": { "diameter_m": 0.015, "height_m": 0.06 },
        "particles": { "diameter_m": 0.005, "count": 30 },
        "flow": {
            "fluid_density_kg_m3": 998.0,
            "fluid_viscosity_pa_s": 1e-3,
            "velocities_m_s": [0.001, 0.002],
            "cells_per_diameter": 8.0,
            "surface_level": 0,
            "porosity_tolerance": 0.1,
            "convergence": 1e-5,
            "write_fields": false,
        },
        "export": { "formats": ["stl"] },
    })
}

#[tokio::test]
async fn a_study_that_was_submitted_gives_sensible_numbers_and_the_same_again_runs_no_engine() {
    let place = Place::new().await;
    let leito = place.up().await;
    let api = &leito.api;
    let (submission, first) = api.submission(&small()).await;
    for job in [first.packing.as_ref().unwrap(), &first.flow] {
        let ended = api.end_of(job).await;
        assert_eq!(ended["status"], "completed", "{ended}");
    }
    let simulation = api.simulation(&first).await;
    assert_submission(api, &submission, &simulation).await;
    assert_packing(&simulation["packing"]);
    assert_flows(&simulation);
    assert_file(api, &first.bed).await;

    let mut renamed = small();
    renamed["name"] = json!("again");
    let again = api.study(&renamed).await;
    let ended = api.end_of(&again.flow).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    assert_eq!(
        api.history(&again.flow).await,
        [
            "queued",
            "claimed",
            "reused mesh",
            "reused flow",
            "reused flow",
            "completed"
        ]
    );
    let jobs = again.packing.iter().chain([&again.flow]);
    for job in jobs {
        assert_eq!(api.engine_stages(job).await, [""; 0]);
    }
    assert_eq!(
        api.simulation(&again).await["results"],
        simulation["results"]
    );

    assert!(leito.stop().await.success());
    place.nothing_runs().await;
}

fn assert_packing(packing: &Value) {
    assert_eq!(packing["particles_inside"], 30, "{packing}");
    assert_eq!(packing["settled"], true);
    let number = |name: &str| packing[name].as_f64().unwrap();
    assert!(number("max_overlap_ratio") <= 1e-3, "{packing}");
    assert!((0.36..0.6).contains(&number("bulk_porosity")), "{packing}");
    // 30 spheres of 5 mm fill 10.2 mm of the tube without any gap
    assert!(
        (0.0102..0.06).contains(&number("bed_height_m")),
        "{packing}"
    );
    assert!(
        (2.0..7.0).contains(&number("mean_coordination")),
        "{packing}"
    );
}

fn assert_flows(simulation: &Value) {
    let number = |at: usize, name: &str| {
        let quantity = &simulation["results"][at]["quantities"][name];
        quantity["value"].as_f64().expect(name)
    };
    for at in 0..2 {
        assert!((number(at, "converged") - 1.0).abs() < 1e-9);
        assert!(number(at, "mass_imbalance").abs() < 1e-3);
        assert!(number(at, "r_squared") > 0.9, "{}", number(at, "r_squared"));
        let difference = number(at, "meshed_porosity") - number(at, "packed_porosity");
        assert!(difference.abs() <= 0.1, "{difference}");
        let gradient = number(at, "pressure_gradient_pa_m");
        let (least, most) = spread(&simulation["summary"]["flows"][at]);
        // a mesh as coarse as this one is not expected to do better
        assert!(
            (0.5 * least..1.5 * most).contains(&gradient),
            "{gradient} Pa/m where correlations say {least} to {most}"
        );
    }
    // Re = ρ U d / μ
    assert!((number(1, "particle_reynolds") - 9.98).abs() < 1e-6);
    let ratio = number(1, "pressure_gradient_pa_m") / number(0, "pressure_gradient_pa_m");
    assert!(
        (2.0..4.0).contains(&ratio),
        "between Stokes' and Newton's law: {ratio}"
    );
}

/// The least and the most that the applicable correlations say, in Pa/m.
fn spread(flow: &Value) -> (f64, f64) {
    let comparisons = flow["comparisons"].as_array().unwrap().iter();
    let applicable = comparisons.filter(|one| one["in_range"] == true);
    let said: Vec<f64> = applicable
        .map(|one| one["pressure_gradient_pa_m"].as_f64().unwrap())
        .collect();
    assert!(!said.is_empty(), "no correlation applies");
    let (least, most) = (f64::min, f64::max);
    (
        said.iter().copied().fold(f64::INFINITY, least),
        said.iter().copied().fold(0.0, most),
    )
}

/// What was submitted is done, and its result says what the simulation says.
async fn assert_submission(api: &Api, id: &str, simulation: &Value) {
    let submission = api.get(&format!("/submissions/{id}")).await;
    assert_eq!(submission["status"], "done", "{submission}");
    assert_eq!(submission["error"], Value::Null);
    let told = &submission["result"]["simulations"][0];
    assert_eq!(told["status"], "completed");
    let gradient = |flow: &Value| flow["quantities"]["pressure_gradient_pa_m"]["value"].clone();
    for at in 0..2 {
        let (told, stored) = (&told["velocities"][at], &simulation["results"][at]);
        assert!(gradient(told).is_number(), "{told}");
        assert_eq!(gradient(told), gradient(stored));
    }
    let report = api.get(&format!("/submissions/{id}/report")).await;
    assert!(report.is_object(), "{report}");
}

/// Every particle is in the table that the API lists once, compressed.
async fn assert_file(api: &Api, bed: &str) {
    let listed = api.get(&format!("/beds/{bed}/files")).await;
    let files = listed["files"].as_array().unwrap();
    let tables = files
        .iter()
        .filter(|file| file["unpacked"]["name"] == "particles.csv");
    let names: Vec<&Value> = tables.map(|file| &file["name"]).collect();
    assert_eq!(names, ["particles.csv.gz"], "{listed}");
}
