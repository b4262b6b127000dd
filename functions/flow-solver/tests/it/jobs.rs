use std::collections::BTreeMap;

use job::{Class, Job, Status};
use store::{bed_files, results, simulations};

use crate::pretend::Pretend;
use crate::world::World;

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
    let job = world.flow_job(&[0.1, 0.2]).await;
    let done = world.work_off(&Pretend::default(), job.id).await;
    assert_eq!((done.status, done.error), (Status::Completed, None));
    let second = quantities(&world, &job, 1).await;
    assert_eq!(second["pressure_gradient_pa_m"], (40.0, "Pa/m".to_owned()));
    assert_eq!(second["permeability_m2"], (1e-8, "m2".to_owned()));
    assert_eq!(second["converged"], (1.0, String::new()));
    let client = world.client().await;
    let files = bed_files::of_simulation(&client, job.simulation_id.unwrap())
        .await
        .unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        ["at_0.1_m_s_pressure.png", "at_0.2_m_s_pressure.png"]
    );
}

#[tokio::test]
async fn the_summary_holds_mesh_and_flows_but_no_place_on_this_machine() {
    let world = World::packed().await;
    let job = world.flow_job(&[0.1]).await;
    world.work_off(&Pretend::default(), job.id).await;
    let client = world.client().await;
    let simulation = simulations::get(&client, job.simulation_id.unwrap())
        .await
        .unwrap();
    assert!(simulation.packing_id.is_some());
    let summary = simulation.summary.unwrap();
    assert_eq!(summary["mesh"]["cells"], 1000);
    assert_eq!(summary["flows"][0]["superficial_velocity_m_s"], 0.1);
    let folder = world.folder.path().to_string_lossy().into_owned();
    assert!(!summary.to_string().contains(&folder));
}

#[tokio::test]
async fn a_flow_that_did_not_converge_is_a_stated_outcome_without_a_pressure_drop() {
    let world = World::packed().await;
    let job = world.flow_job(&[0.1]).await;
    let diverging = Pretend {
        diverges: true,
        ..Pretend::default()
    };
    let done = world.work_off(&diverging, job.id).await;
    assert_eq!(done.status, Status::Completed);
    let stated = quantities(&world, &job, 0).await;
    assert_eq!(stated["converged"].0.to_string(), "0");
    assert!(stated.contains_key("iterations"));
    assert!(!stated.contains_key("pressure_drop_pa"));
}

#[tokio::test]
async fn a_mesh_that_fails_a_gate_ends_the_job_at_once_with_the_numbers() {
    let world = World::packed().await;
    let job = world.flow_job(&[0.1]).await;
    let failed = world
        .work_off(
            &Pretend {
                refuses: true,
                ..Pretend::default()
            },
            job.id,
        )
        .await;
    assert_eq!(failed.status, Status::Failed);
    let failure = failed.error.unwrap();
    assert_eq!(
        (failure.class, failure.code.as_str()),
        (Class::Permanent, "rejected")
    );
    assert_eq!(
        failure.message,
        "a difference of +0.02 where ±0.005 is allowed"
    );
}

#[tokio::test]
async fn a_bed_that_was_never_packed_as_specified_has_no_flow() {
    let world = World::unpacked().await;
    let job = world.flow_job(&[0.1]).await;
    let failed = world.work_off(&Pretend::default(), job.id).await;
    assert_eq!(failed.status, Status::Failed);
    assert_eq!(failed.error.unwrap().code, "packing_missing");
}

#[tokio::test]
async fn only_the_particles_inside_the_tube_are_meshed() {
    let world = World::packed().await;
    let job = world.flow_job(&[0.1]).await;
    let solver = Pretend::default();
    world.work_off(&solver, job.id).await;
    assert_eq!(solver.did(), ["meshed 1", "solved 0.1"]);
}
