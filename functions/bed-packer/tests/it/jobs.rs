use std::fs;
use std::path::Path;
use std::sync::Arc;

use bed_packer::BedPacker;
use job::{Class, EventKind, Status};
use runtime::SystemIds;
use serde_json::{Value, json};
use store::bed_files;
use testkit::{Process, processes_in};

use crate::world::World;

/// Two dozen spheres, three diameters wide: Blender takes longer to start than to pack them.
pub fn spec() -> Value {
    json!({
        "name": "tiny",
        "geometry": { "diameter_m": 0.015, "height_m": 0.045 },
        "particles": { "diameter_m": 0.005, "count": 24 },
        "export": { "formats": ["stl"] },
    })
}

fn handler() -> BedPacker {
    BedPacker::new(Arc::new(SystemIds))
}

#[tokio::test]
async fn a_packed_bed_is_recorded_with_its_numbers_and_files() {
    let world = World::new().await;
    let job = world.packing_job(spec()).await;
    let done = world.work_off(handler(), job.id).await;
    assert_eq!((done.status, done.error), (Status::Completed, None));

    let packings = world.packings(job.bed_id).await;
    assert_eq!(packings.len(), 1);
    let packing = &packings[0];
    assert_eq!((packing.packing_seed, packing.particles_inside), (42, 24));
    assert!(packing.settled && packing.particles_escaped == 0);
    assert!(
        (0.35..0.6).contains(&packing.bulk_porosity),
        "{}",
        packing.bulk_porosity
    );
    let coordination = packing.detail["coordination"].as_array().unwrap();
    let counted: u64 = coordination.iter().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(counted, 24, "every particle has a number of contacts");

    let client = world.client().await;
    let files = bed_files::list(&client, job.bed_id, None, 100)
        .await
        .unwrap();
    for (name, kind) in [
        ("particles.csv.gz", "table"),
        ("packing.json.gz", "numbers"),
        ("packing.stl", "geometry"),
        ("log.blender.gz", "log"),
    ] {
        let file = files.iter().find(|file| file.name == name).unwrap();
        assert_eq!(file.kind, kind);
        let is_text = file.content_type == "application/gzip";
        assert_eq!(
            (file.unpacked.is_some(), file.content_name() == name),
            (is_text, !is_text)
        );
        let folder = format!("artifacts/{}/", packing.content_hash);
        assert!(file.object_key.starts_with(&folder), "{}", file.object_key);
        let stored = world.cloud.objects.head(&file.object_key).await.unwrap();
        assert!(stored.is_some(), "{name} is in the bucket");
    }
}

#[tokio::test]
async fn the_same_specification_is_packed_once_for_two_beds_and_another_seed_again() {
    let world = World::new().await;
    let first = world.packing_job(spec()).await;
    world.work_off(handler(), first.id).await;

    let mut renamed = spec();
    renamed["name"] = json!("another");
    let second = world.packing_job(renamed).await;
    let done = world.work_off(handler(), second.id).await;
    assert_eq!((done.status, done.stage), (Status::Completed, None));
    assert_eq!(
        world.events(second.id).await,
        [
            EventKind::Queued,
            EventKind::Claimed,
            EventKind::Reused,
            EventKind::Completed
        ]
    );
    let (of_first, of_second) = (
        world.packings(first.bed_id).await,
        world.packings(second.bed_id).await,
    );
    assert_eq!(of_second.len(), 1);
    assert_eq!(of_second[0].content_hash, of_first[0].content_hash);
    assert_eq!(
        world.file_names(second.bed_id).await,
        world.file_names(first.bed_id).await
    );

    let mut reseeded = spec();
    reseeded["packing"] = json!({ "seed": 43 });
    let third = world.packing_job(reseeded).await;
    world.work_off(handler(), third.id).await;
    assert!(
        world
            .events(third.id)
            .await
            .contains(&EventKind::StageFinished)
    );
    let of_third = world.packings(third.bed_id).await;
    assert_ne!(of_third[0].content_hash, of_first[0].content_hash);
}

#[tokio::test]
async fn a_packing_that_fails_a_gate_ends_the_job_at_once_with_the_numbers() {
    let world = World::new().await;
    let mut hasty = spec();
    hasty["packing"] = json!({ "max_time_s": 0.1 });
    let job = world.packing_job(hasty).await;
    let failed = world.work_off(handler(), job.id).await;
    assert_eq!((failed.status, failed.attempt), (Status::Failed, 1));
    let failure = failed.error.unwrap();
    assert_eq!(
        (failure.class, failure.code.as_str()),
        (Class::Permanent, "rejected")
    );
    assert!(
        failure.message.contains("particles still move after 0.1 s"),
        "{}",
        failure.message
    );
    assert_eq!(world.packings(job.bed_id).await, []);
}

#[tokio::test]
async fn a_specification_nobody_can_read_ends_the_job_at_once() {
    let world = World::new().await;
    let unreadable = json!({ "name": "tiny", "geometry": { "diametre_m": 1 } });
    let job = world.packing_job(unreadable).await;
    let failed = world.work_off(handler(), job.id).await;
    assert_eq!((failed.status, failed.stage), (Status::Failed, None));
    assert_eq!(failed.error.unwrap().code, "bad_specification");
}

#[tokio::test]
async fn a_blender_that_is_killed_costs_one_attempt_and_the_next_one_packs() {
    let world = World::new().await;
    let mut long = spec();
    // far more physics steps than are needed: there is time to be killed in
    long["packing"] = json!({ "substeps": 120 });
    let job = world.packing_job(long).await;
    let killed = async {
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(5));
        loop {
            looks.tick().await;
            if let Some(blender) = packing_blender(world.folder.path()) {
                return blender.signal("KILL");
            }
        }
    };
    let (failed, ()) = tokio::join!(world.work_off(handler(), job.id), killed);
    let failure = failed.error.unwrap();
    assert_eq!(
        (failed.status, failure.class, failure.code.as_str()),
        (Status::Queued, Class::Retry, "killed")
    );
    assert_eq!(
        world.events(job.id).await,
        [EventKind::Queued, EventKind::Claimed, EventKind::Retry]
    );
    assert_eq!(processes_in(world.folder.path()), []);
}

/// Blender, once it has begun to pack.
fn packing_blender(folder: &Path) -> Option<Process> {
    processes_in(folder).into_iter().find(|process| {
        let at = fs::read_link(format!("/proc/{}/cwd", process.pid)).unwrap_or_default();
        process.name == "blender" && at.join("log.blender").exists()
    })
}
