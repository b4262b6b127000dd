use store::{object_tombstones, uploads};

use crate::world::{BED, World, file};

#[tokio::test]
async fn an_object_that_nothing_refers_to_goes_after_a_day() {
    let world = World::new().await;
    world.dead("artifacts/a/old", "25 hours").await;
    world.dead("artifacts/a/young", "23 hours").await;

    let preview = cleanup::preview(&world.parts).await.unwrap();
    assert_eq!(
        (preview.objects, preview.bytes, preview.more),
        (1, 7, false)
    );
    assert!(
        world.exists("artifacts/a/old").await,
        "looking deletes nothing"
    );

    assert_eq!(world.clean().await.objects, 1);
    assert!(!world.exists("artifacts/a/old").await);
    assert!(world.exists("artifacts/a/young").await);
    assert_eq!(world.clean().await.objects, 0);
    let day_later = "UPDATE object_tombstones SET deleted_at = deleted_at - interval '25 hours'";
    world.sql(day_later).await;
    assert_eq!(world.clean().await.rows["object_tombstones"], 1);
    assert_eq!(world.count("object_tombstones").await, 1, "the young one's");
}

#[tokio::test]
async fn an_object_that_another_file_or_a_stored_stage_refers_to_stays() {
    let world = World::new().await;
    world.sql(&file("artifacts/a/shared")).await;
    world.dead("artifacts/a/shared", "25 hours").await;
    world.dead("artifacts/a/cached", "25 hours").await;
    world
        .sql(
            r#"INSERT INTO stage_outputs (key, stage, output, files)
               VALUES (repeat('a', 64), 'mesh', '{}', '[{"key": "artifacts/a/cached"}]')"#,
        )
        .await;
    assert_eq!(world.clean().await.objects, 0);
    assert!(world.exists("artifacts/a/shared").await && world.exists("artifacts/a/cached").await);
    assert_eq!(world.count("object_tombstones").await, 0, "they are alive");

    world.sql("DELETE FROM bed_files").await;
    world.dead("artifacts/a/shared", "25 hours").await;
    world
        .sql("UPDATE stage_outputs SET created_at = now() - interval '31 days'")
        .await;
    let removed = world.clean().await;
    assert_eq!((removed.objects, removed.stage_outputs), (1, 1));
    assert!(world.exists("artifacts/a/cached").await, "buried just now");
}

#[tokio::test]
async fn an_object_saved_before_its_tombstone_is_taken_survives() {
    let world = World::new().await;
    world.dead("artifacts/a/again", "25 hours").await;
    world.sql(&file("artifacts/a/again")).await;
    assert_eq!(world.clean().await.objects, 0);
    assert!(world.exists("artifacts/a/again").await);
}

#[tokio::test]
async fn an_object_whose_new_file_is_not_committed_yet_is_left_alone() {
    let world = World::new().await;
    world.dead("artifacts/a/again", "25 hours").await;
    let mut client = world.parts.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    tx.batch_execute(&file("artifacts/a/again")).await.unwrap();
    assert_eq!(world.clean().await.objects, 0);
    tx.commit().await.unwrap();
    assert!(world.exists("artifacts/a/again").await);
}

#[tokio::test]
async fn nobody_can_refer_to_an_object_whose_tombstone_is_taken() {
    let world = World::new().await;
    world.dead("artifacts/a/doomed", "25 hours").await;
    let client = world.parts.store.client().await.unwrap();
    let taken = object_tombstones::take(&client, std::time::Duration::ZERO, 10).await;
    assert_eq!(taken.unwrap().len(), 1);
    let refused = client.batch_execute(&file("artifacts/a/doomed")).await;
    assert!(format!("{:?}", refused.unwrap_err()).contains("is deleted"));
}

#[tokio::test]
async fn what_a_crashed_run_took_is_deleted_by_a_later_one() {
    let world = World::new().await;
    world.dead("artifacts/a/taken", "25 hours").await;
    let take = "UPDATE object_tombstones SET taken_at = now() - interval";
    world.sql(&format!("{take} '1 minute'")).await;
    assert_eq!(world.clean().await.objects, 0, "perhaps it is at it");
    world.sql(&format!("{take} '11 minutes'")).await;
    assert_eq!(world.clean().await.objects, 1);
    assert!(!world.exists("artifacts/a/taken").await);
}

#[tokio::test]
async fn a_job_that_began_before_holds_the_objects_it_may_have_found() {
    let world = World::new().await;
    let job = testkit::unsent_job(&world.parts.store).await;
    world
        .sql(&format!(
            "UPDATE jobs SET status = 'running', attempt = 1, started_at = now() - interval '2 days',
             lease_token = gen_random_uuid(), lease_expires_at = now() + interval '1 minute' WHERE id = '{job}'"
        ))
        .await;
    world.dead("artifacts/a/found", "25 hours").await;
    assert_eq!(world.clean().await.objects, 0);
    world
        .sql("UPDATE jobs SET started_at = now() - interval '1 hour'")
        .await;
    assert_eq!(world.clean().await.objects, 1);
}

#[tokio::test]
async fn nothing_is_deleted_while_a_backup_runs() {
    let world = World::new().await;
    world.dead("artifacts/a/old", "25 hours").await;
    world
        .sql(
            "INSERT INTO scheduled_runs (name, scheduled_for, run_token, deadline)
             VALUES ('backup', now(), gen_random_uuid(), now() + interval '1 hour')",
        )
        .await;
    assert_eq!(world.clean().await.objects, 0);
    world
        .sql("UPDATE scheduled_runs SET deadline = now() - interval '1 s'")
        .await;
    assert_eq!(world.clean().await.objects, 1);
}

#[tokio::test]
async fn an_upload_out_of_time_is_given_up_and_its_object_buried() {
    let world = World::new().await;
    let key = "uploads/a/large.bin";
    let objects = &world.parts.objects;
    let id = objects.begin_parts(key, "application/zip").await.unwrap();
    world
        .sql(&format!(
            "INSERT INTO uploads (id, bed_id, kind, name, object_key, multipart_id, content_type, bytes, part_bytes, sha256, expires_at)
             VALUES (gen_random_uuid(), '{BED}', 'other', 'large.bin', '{key}', '{id}', 'application/zip', 9, 9, repeat('a', 64),
                now() - interval '1 s')"
        ))
        .await;
    assert_eq!(world.clean().await.uploads, 1);
    assert_eq!(objects.list_parts(key, &id).await.unwrap(), None);
    let client = world.parts.store.client().await.unwrap();
    assert!(uploads::stale(&client, 1).await.unwrap().is_empty());
    assert_eq!(world.count("object_tombstones").await, 1);
}

/// Twenty rounds of one clean-up against ten writers that refer to dead objects again.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_at_once_a_recorded_file_has_its_object() {
    let world = World::new().await;
    for round in 0..20 {
        let key = |number: u32| format!("artifacts/{round}/{number}");
        for number in 0..10 {
            world.dead(&key(number), "25 hours").await;
        }
        let writers = (0..10).map(|number| {
            let store = world.parts.store.clone();
            let statement = file(&key(number));
            tokio::spawn(async move {
                for _ in 0..(number + round) % 5 {
                    tokio::task::yield_now().await;
                }
                let client = store.client().await.unwrap();
                client.batch_execute(&statement).await.is_ok()
            })
        });
        let writers: Vec<_> = writers.collect();
        let removed = world.clean().await;
        let mut saved = 0;
        for (number, writer) in (0..).zip(writers) {
            let recorded = writer.await.unwrap();
            assert_eq!(
                world.exists(&key(number)).await,
                recorded,
                "{}",
                key(number)
            );
            saved += u64::from(recorded);
        }
        assert_eq!(saved + removed.objects, 10, "{removed:?}");
    }
}
