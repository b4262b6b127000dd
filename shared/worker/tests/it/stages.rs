use std::fs;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use job::{EventKind, Failure, Job, Kind, Status};
use serde_json::json;
use store::Transaction;
use store::bed_files::{self, NewFile};
use uuid::Uuid;
use worker::{Handler, Stage, Work};

use crate::world::{Running, World};

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Makes one stage, or uses the one that was made before; keeps what it got.
#[derive(Clone, Default)]
struct OneStage(Arc<Mutex<Vec<Stage>>>);

#[async_trait]
impl Handler for OneStage {
    type Output = ();

    fn kind(&self) -> Kind {
        Kind::Packing
    }

    async fn run(&self, work: &Work) -> Result<(), Failure> {
        let stage = if let Some(stage) = work.find_stage("packing", KEY).await? {
            let copy = work.dir.join("copy.csv");
            work.fetch(&stage, "particles.csv", &copy).await?;
            assert_eq!(fs::read(copy).unwrap(), b"x,y,z\n");
            stage
        } else {
            let path = work.dir.join("particles.csv");
            fs::write(&path, "x,y,z\n").unwrap();
            work.publish_stage(
                "packing",
                KEY,
                json!({ "count": 0 }),
                &[("particles.csv", &path)],
            )
            .await?
        };
        self.0.lock().unwrap().push(stage);
        Ok(())
    }

    async fn finish(&self, _: &Transaction<'_>, _: &Job, (): &()) -> Result<(), store::Error> {
        Ok(())
    }
}

#[tokio::test]
async fn a_stage_is_made_once_and_then_reused_with_its_files() {
    let world = World::new().await;
    let handler = OneStage::default();
    let running = Running::start(world.worker(handler.clone()));
    let first = world.job().await;
    world.finished(first).await;
    let second = world.job().await;
    assert_eq!(world.finished(second).await.status, Status::Completed);
    running.end().await;
    assert!(
        world
            .events(first)
            .await
            .contains(&EventKind::StageFinished)
    );
    assert!(world.events(second).await.contains(&EventKind::Reused));
    let stages = handler.0.lock().unwrap();
    assert_eq!(stages[0], stages[1]);
    let table = &stages[0].files[0];
    assert!(table.key.ends_with("/particles.csv.gz"), "{}", table.key);
    let content = table.unpacked.as_ref().unwrap();
    assert_eq!(content.bytes, 6);
    assert_eq!(content.sha256, table.content_sha256());
}

#[tokio::test]
async fn a_stage_stored_before_text_was_compressed_is_used_as_it_is() {
    let world = World::new().await;
    let key = "artifacts/before/particles.csv";
    let bucket = &world.cloud.objects;
    bucket.put_bytes(key, b"x,y,z\n".to_vec()).await.unwrap();
    let sha256 = "ca4837aaf898df5b1d95702d41ee81b0f1ed2a4e65ccf4c42943631652fa76c0";
    let stage = store::stage_outputs::StageOutput {
        key: KEY.to_owned(),
        stage: "packing".to_owned(),
        output: json!({ "count": 0 }),
        files: json!([{ "name": "particles.csv", "key": key, "bytes": 6, "sha256": sha256 }]),
    };
    let client = world.parts().store.client().await.unwrap();
    store::stage_outputs::publish(&client, &stage)
        .await
        .unwrap();
    let handler = OneStage::default();
    let running = Running::start(world.worker(handler.clone()));
    let job = world.job().await;
    assert_eq!(world.finished(job).await.status, Status::Completed);
    running.end().await;
    assert_eq!(handler.0.lock().unwrap()[0].files[0].key, key);
}

#[tokio::test]
async fn a_file_that_is_lost_is_shown_by_no_bed_any_more() {
    let world = World::new().await;
    let handler = OneStage::default();
    let running = Running::start(world.worker(handler.clone()));
    let first = world.job().await;
    world.finished(first).await;
    let file = handler.0.lock().unwrap()[0].files[0].clone();
    let mut client = world.parts().store.client().await.unwrap();
    let bed = world.finished(first).await.bed_id;
    let shown = [
        shown(1, &file.key),
        shown(2, "artifacts/another/particles.csv.gz"),
    ];
    let tx = client.transaction().await.unwrap();
    bed_files::insert(&tx, bed, None, &shown).await.unwrap();
    tx.commit().await.unwrap();
    world.cloud.objects.delete(&[file.key]).await.unwrap();
    let second = world.job().await;
    assert_eq!(world.finished(second).await.attempt, 2);
    running.end().await;
    let left = bed_files::list(&client, bed, None, 10).await.unwrap();
    let left: Vec<_> = left.into_iter().map(|file| file.object_key).collect();
    assert_eq!(left, ["artifacts/another/particles.csv.gz"]);
}

fn shown(id: u128, object_key: &str) -> NewFile {
    NewFile {
        id: Uuid::from_u128(id),
        kind: "table".to_owned(),
        name: "particles.csv.gz".to_owned(),
        object_key: object_key.to_owned(),
        content_type: "application/gzip".to_owned(),
        bytes: 6,
        sha256: "a".repeat(64),
        unpacked: None,
    }
}

#[tokio::test]
async fn a_stage_whose_file_was_damaged_is_made_anew() {
    let world = World::new().await;
    let handler = OneStage::default();
    let running = Running::start(world.worker(handler.clone()));
    let first = world.job().await;
    world.finished(first).await;
    let key = handler.0.lock().unwrap()[0].files[0].key.clone();
    world
        .cloud
        .objects
        .put_bytes(&key, b"rubbish".to_vec())
        .await
        .unwrap();
    let second = world.job().await;
    let job = world.finished(second).await;
    running.end().await;
    assert_eq!((job.status, job.attempt), (Status::Completed, 2));
    assert_eq!(handler.0.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_object_of_a_stage_whose_row_never_came_is_left_to_the_clean_up() {
    let world = World::new().await;
    let handler = OneStage::default();
    let running = Running::start(world.worker(handler.clone()));
    let job = world.job().await;
    world.finished(job).await;
    running.end().await;
    let client = world.parts().store.client().await.unwrap();
    let none = std::time::Duration::ZERO;
    let due = async || {
        store::object_tombstones::due(&client, none, 10)
            .await
            .unwrap()
    };
    assert_eq!(due().await, []);
    // as if the worker had died just before it wrote the row
    store::stage_outputs::forget(&client, KEY).await.unwrap();
    let key = handler.0.lock().unwrap()[0].files[0].key.clone();
    assert_eq!(due().await[0].object_key, key);
}
