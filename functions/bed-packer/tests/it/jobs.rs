use std::sync::Arc;

use bed_packer::BedPacker;
use job::{Class, EventKind, Status};
use runtime::SystemIds;
use serde_json::{Value, json};
use store::{bed_files, packings};

use crate::pretend::Pretend;
use crate::world::World;

fn spec() -> Value {
    json!({
        "name": "demo",
        "geometry": { "diameter_m": 0.05, "height_m": 0.1 },
        "particles": { "diameter_m": 0.005, "count": 300 },
    })
}

fn handler(packer: &Pretend) -> BedPacker<Pretend> {
    BedPacker::new(packer.clone(), Arc::new(SystemIds))
}

#[tokio::test]
async fn a_packed_bed_is_recorded_with_its_numbers_and_files() {
    let world = World::new().await;
    let job = world.packing_job(spec()).await;
    let done = world.work_off(handler(&Pretend::default()), job.id).await;
    assert_eq!((done.status, done.error), (Status::Completed, None));
    let client = world.client().await;
    let packings = packings::list(&client, job.bed_id).await.unwrap();
    assert_eq!(packings.len(), 1);
    assert_eq!(
        (packings[0].packing_seed, packings[0].particles_inside),
        (42, 300)
    );
    assert_eq!(packings[0].detail["coordination"], json!([1, 2]));
    let files = bed_files::list(&client, job.bed_id, None, 100)
        .await
        .unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(
        (files[0].name.as_str(), files[0].kind.as_str()),
        ("particles.csv", "table")
    );
    assert!(
        files[0]
            .object_key
            .starts_with(&format!("artifacts/{}/", packings[0].content_hash))
    );
    assert!(
        world
            .cloud
            .objects
            .head(&files[0].object_key)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn the_same_specification_is_packed_once_for_two_beds() {
    let world = World::new().await;
    let packer = Pretend::default();
    let first = world.packing_job(spec()).await;
    world.work_off(handler(&packer), first.id).await;
    let mut renamed = spec();
    renamed["name"] = json!("another");
    let second = world.packing_job(renamed).await;
    let done = world.work_off(handler(&packer), second.id).await;
    assert_eq!((done.status, packer.runs()), (Status::Completed, 1));
    let events = world.events(second.id).await;
    assert!(events.contains(&EventKind::Reused) && !events.contains(&EventKind::StageFinished));
    let client = world.client().await;
    assert_eq!(
        packings::list(&client, second.bed_id).await.unwrap().len(),
        1
    );
    assert_eq!(
        bed_files::list(&client, second.bed_id, None, 100)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn another_seed_is_another_packing() {
    let world = World::new().await;
    let packer = Pretend::default();
    let first = world.packing_job(spec()).await;
    world.work_off(handler(&packer), first.id).await;
    let mut reseeded = spec();
    reseeded["packing"] = json!({ "seed": 43 });
    let second = world.packing_job(reseeded).await;
    world.work_off(handler(&packer), second.id).await;
    assert_eq!(packer.runs(), 2);
}

#[tokio::test]
async fn a_packing_that_fails_a_gate_ends_the_job_at_once_with_the_numbers() {
    let world = World::new().await;
    let job = world.packing_job(spec()).await;
    let failed = world.work_off(handler(&Pretend::refusing()), job.id).await;
    assert_eq!(failed.status, Status::Failed);
    let failure = failed.error.unwrap();
    assert_eq!(
        (failure.class, failure.code.as_str()),
        (Class::Permanent, "rejected")
    );
    assert_eq!(failure.message, "overlap 0.004 is more than 0.001");
    assert!(
        packings::list(&world.client().await, job.bed_id)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_specification_nobody_can_read_ends_the_job_at_once() {
    let world = World::new().await;
    let packer = Pretend::default();
    let job = world
        .packing_job(json!({ "name": "demo", "geometry": { "diametre_m": 1 } }))
        .await;
    let failed = world.work_off(handler(&packer), job.id).await;
    assert_eq!((failed.status, packer.runs()), (Status::Failed, 0));
    assert_eq!(failed.error.unwrap().code, "bad_specification");
}
