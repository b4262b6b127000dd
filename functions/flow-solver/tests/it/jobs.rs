use std::collections::BTreeMap;

use job::{Class, Job, Status};
use serde_json::json;
use store::{bed_files, results, simulations};

use crate::world::{World, spec};

/// The results at one velocity: name → number and unit.
async fn quantities(world: &World, job: &Job, index: i32) -> BTreeMap<String, (f64, String)> {
    let rows = results::list(&world.client().await, job.simulation_id.unwrap())
        .await
        .unwrap();
    let at = rows.into_iter().filter(|row| row.velocity_index == index);
    at.map(|row| (row.quantity, (row.value, row.unit)))
        .collect()
}

#[tokio::test]
async fn every_velocity_leaves_numbers_with_units_and_files_that_tell_themselves_apart() {
    let world = World::packed().await;
    let job = world.flow_job(&[0.001, 0.002]).await;
    let done = world.work_off(job.id).await;
    assert_eq!((done.status, done.error), (Status::Completed, None));

    let (slow, fast) = (
        quantities(&world, &job, 0).await,
        quantities(&world, &job, 1).await,
    );
    assert_eq!(fast["converged"], (1.0, String::new()));
    assert_eq!(fast["pressure_gradient_pa_m"].1, "Pa/m");
    assert_eq!(fast["permeability_m2"].1, "m2");
    assert!((fast["particle_reynolds"].0 - 9.98).abs() < 1e-9);
    let ratio = fast["pressure_gradient_pa_m"].0 / slow["pressure_gradient_pa_m"].0;
    assert!(
        (2.0..4.0).contains(&ratio),
        "between Stokes' and Newton's law: {ratio}"
    );

    let client = world.client().await;
    let rows = results::list(&client, job.simulation_id.unwrap())
        .await
        .unwrap();
    for row in rows {
        let has_band = [
            "pressure_drop_pa",
            "pressure_gradient_pa_m",
            "friction_factor",
            "permeability_m2",
        ]
        .contains(&row.quantity.as_str());
        assert_eq!(row.uncertainty.is_some(), has_band, "{}", row.quantity);
        let share = row.uncertainty.unwrap_or(0.0) / row.value.abs().max(1e-300);
        assert!(!has_band || (0.1..2.0).contains(&share), "{share}");
    }
    let files = bed_files::of_simulation(&client, job.simulation_id.unwrap())
        .await
        .unwrap();
    for name in [
        "at_0.001_m_s_pressure.png",
        "at_0.002_m_s_pressure.png",
        "at_0.002_m_s_log.simpleFoam.gz",
    ] {
        assert!(files.iter().any(|file| file.name == name), "{name}");
    }

    let simulation = simulations::get(&client, job.simulation_id.unwrap())
        .await
        .unwrap();
    assert!(simulation.packing_id.is_some());
    let summary = simulation.summary.unwrap();
    assert!(summary["mesh"]["cells"].as_u64().unwrap() > 1000);
    assert_eq!(summary["flows"][1]["superficial_velocity_m_s"], 0.002);
    let folder = world.folder.path().to_string_lossy().into_owned();
    assert!(
        !summary.to_string().contains(&folder),
        "places on this machine are nobody's business"
    );
}

#[tokio::test]
async fn a_flow_that_did_not_converge_is_a_stated_outcome_without_a_pressure_drop() {
    let world = World::packed().await;
    let mut impatient = spec(&[0.002]);
    impatient["flow"]["max_iterations"] = json!(10);
    let job = world.job(impatient).await;
    let done = world.work_off(job.id).await;
    assert_eq!((done.status, done.error), (Status::Completed, None));
    let stated = quantities(&world, &job, 0).await;
    assert_eq!(stated["converged"], (0.0, String::new()));
    assert_eq!(stated["iterations"], (10.0, String::new()));
    for number in [
        "pressure_drop_pa",
        "pressure_gradient_pa_m",
        "friction_factor",
    ] {
        assert!(!stated.contains_key(number), "{number} needs convergence");
    }
}

#[tokio::test]
async fn a_mesh_that_fails_a_gate_ends_the_job_at_once_with_the_numbers() {
    let world = World::packed().await;
    let mut strict = spec(&[0.002]);
    strict["flow"]["porosity_tolerance"] = json!(1e-4);
    let job = world.job(strict).await;
    let failed = world.work_off(job.id).await;
    assert_eq!((failed.status, failed.attempt), (Status::Failed, 1));
    let failure = failed.error.unwrap();
    assert_eq!(
        (failure.class, failure.code.as_str()),
        (Class::Permanent, "rejected")
    );
    let packed = crate::packing::tiny().await.numbers.bulk_porosity;
    assert!(
        failure
            .message
            .contains(&format!("the packing {packed:.4}"))
            && failure.message.contains("where ±0.0001 is allowed"),
        "{}",
        failure.message
    );
    assert!(!world.engines(job.id).await.contains("solving"));
}

#[tokio::test]
async fn a_bed_that_was_never_packed_as_specified_has_no_flow() {
    let world = World::unpacked().await;
    let job = world.flow_job(&[0.001]).await;
    let failed = world.work_off(job.id).await;
    assert_eq!(failed.status, Status::Failed);
    assert_eq!(failed.error.unwrap().code, "packing_missing");
}
