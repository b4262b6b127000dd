use std::collections::BTreeSet;

use engine::blender::TABLE;
use job::{EventKind, Status};
use store::{packings, results, stage_outputs};

use crate::world::World;

#[tokio::test]
async fn what_was_computed_before_is_not_computed_again() {
    let world = World::packed().await;
    let first = world.flow_job(&[0.001]).await;
    world.work_off(first.id).await;

    let again = world.flow_job(&[0.001]).await;
    let done = world.work_off(again.id).await;
    assert_eq!((done.status, done.stage), (Status::Completed, None));
    assert_eq!(world.engines(again.id).await, BTreeSet::new());
    assert_eq!(
        world.stages(again.id).await,
        [
            (EventKind::Reused, "mesh".into()),
            (EventKind::Reused, "flow".into())
        ]
    );
    let client = world.client().await;
    let of = async |job: &job::Job| {
        let simulation = job.simulation_id.unwrap();
        results::list(&client, simulation).await.unwrap()
    };
    assert_eq!(of(&again).await, of(&first).await);

    let more = world.flow_job(&[0.001, 0.002]).await;
    let done = world.work_off(more.id).await;
    assert_eq!((done.status, done.error), (Status::Completed, None));
    assert_eq!(world.engines(more.id).await, ["solving".into()].into());
    assert_eq!(
        world.stages(more.id).await,
        [
            (EventKind::Reused, "mesh".into()),
            (EventKind::Reused, "flow".into()),
            (EventKind::StageFinished, "flow".into()),
        ]
    );
}

#[tokio::test]
async fn a_packing_whose_table_is_gone_from_the_bucket_is_forgotten_so_that_the_next_simulation_packs_again()
 {
    let world = World::packed().await;
    let bed = bed::from_value(&crate::world::spec(&[0.001])).unwrap();
    let key = stages::packing_key(&bed, &[]);
    let table = format!("artifacts/{key}/{TABLE}");
    world.cloud.objects.delete(&[table]).await.unwrap();
    let inputs = bed.packing_inputs_hash();
    let is_stored = async || {
        let client = world.client().await;
        packings::is_stored(&client, world.bed_id, &inputs)
            .await
            .unwrap()
    };
    assert!(is_stored().await);

    let job = world.flow_job(&[0.001]).await;
    let lost = world.work_off(job.id).await;
    assert_eq!(lost.error.unwrap().code, "artifact_lost");
    assert!(!is_stored().await);
}

#[tokio::test]
async fn a_flow_whose_packing_is_not_stored_says_so() {
    let world = World::packed().await;
    let bed = bed::from_value(&crate::world::spec(&[0.001])).unwrap();
    let key = stages::packing_key(&bed, &[]);
    assert!(
        stage_outputs::forget(&world.client().await, &key)
            .await
            .unwrap()
    );
    let job = world.flow_job(&[0.001]).await;
    let failed = world.work_off(job.id).await;
    assert_eq!(
        (failed.status, failed.error.unwrap().code.as_str()),
        (Status::Failed, "packing_missing")
    );
}
