use job::{EventKind, Status};
use store::{results, stage_outputs};

use crate::pretend::Pretend;
use crate::world::World;

#[tokio::test]
async fn the_same_study_again_runs_no_engine_and_fetches_no_file() {
    let world = World::packed().await;
    let solver = Pretend::default();
    let first = world.flow_job(&[0.1, 0.2]).await;
    world.work_off(&solver, first.id).await;
    solver.did();
    let again = world.flow_job(&[0.1, 0.2]).await;
    let done = world.work_off(&solver, again.id).await;
    assert_eq!((done.status, solver.did()), (Status::Completed, vec![]));
    assert_eq!(world.count(again.id, EventKind::Reused).await, 3);
    let client = world.client().await;
    let rows = results::list(&client, again.simulation_id.unwrap())
        .await
        .unwrap();
    assert_eq!(
        rows,
        results::list(&client, first.simulation_id.unwrap())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn one_more_velocity_is_solved_on_the_mesh_that_is_there() {
    let world = World::packed().await;
    let solver = Pretend::default();
    let first = world.flow_job(&[0.1]).await;
    world.work_off(&solver, first.id).await;
    solver.did();
    let more = world.flow_job(&[0.1, 0.2]).await;
    assert_eq!(
        world.work_off(&solver, more.id).await.status,
        Status::Completed
    );
    assert_eq!(solver.did(), ["restored", "solved 0.2"]);
}

#[tokio::test]
async fn a_study_after_a_crash_goes_on_behind_its_last_finished_stage() {
    let world = World::packed().await;
    let job = world.flow_job(&[0.1, 0.2]).await;
    let crashing = Pretend {
        killed_at_m_s: Some(0.2),
        ..Pretend::default()
    };
    let failed = world.work_off(&crashing, job.id).await;
    assert_eq!((failed.status, failed.attempt), (Status::Queued, 1));
    assert_eq!(
        failed.error.unwrap().last_words.as_deref(),
        Some("Time = 12")
    );
    let healthy = Pretend::default();
    let again = world.flow_job(&[0.1, 0.2]).await;
    assert_eq!(
        world.work_off(&healthy, again.id).await.status,
        Status::Completed
    );
    assert_eq!(healthy.did(), ["restored", "solved 0.2"]);
}

#[tokio::test]
async fn a_packing_whose_files_are_gone_has_to_be_generated_again() {
    let world = World::packed().await;
    let bed = bed::from_value(&crate::world::spec(&[0.1])).unwrap();
    let key = stages::packing_key(&bed, &[]);
    assert!(
        stage_outputs::forget(&world.client().await, &key)
            .await
            .unwrap()
    );
    let job = world.flow_job(&[0.1]).await;
    let failed = world.work_off(&Pretend::default(), job.id).await;
    assert_eq!(
        (failed.status, failed.error.unwrap().code.as_str()),
        (Status::Failed, "packing_missing")
    );
}
