use std::fs;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use job::{EventKind, Failure, Job, Kind, Status};
use serde_json::json;
use store::Transaction;
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
