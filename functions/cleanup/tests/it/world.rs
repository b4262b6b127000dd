//! A database with a bed, a bucket, and short words for what the tests need.

use std::sync::Arc;
use std::time::Duration;

use cleanup::Removed;
use runtime::SystemIds;
use schedule::Left;
use testkit::{Cloud, Database, rows};
use uuid::Uuid;
use worker::Parts;

pub const BED: Uuid = Uuid::from_u128(1);

pub struct World {
    pub parts: Parts,
    _database: Database,
}

impl World {
    pub async fn new() -> Self {
        let (database, cloud) = (testkit::database().await, Cloud::new().await);
        let parts = Parts {
            store: database.store().clone(),
            queue: cloud.queue,
            objects: cloud.objects,
            ids: Arc::new(SystemIds),
            live: worker::Live::default(),
        };
        let mut client = parts.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        store::beds::insert(&tx, &rows::bed(BED)).await.unwrap();
        tx.commit().await.unwrap();
        drop(client);
        Self {
            parts,
            _database: database,
        }
    }

    pub async fn sql(&self, sql: &str) {
        let client = self.parts.store.client().await.unwrap();
        client.batch_execute(sql).await.unwrap();
    }

    pub async fn count(&self, from: &str) -> i64 {
        let client = self.parts.store.client().await.unwrap();
        let sql = format!("SELECT count(*) FROM {from}");
        client.query_one(&sql, &[]).await.unwrap().get(0)
    }

    /// An object that lost its last reference this long ago.
    pub async fn dead(&self, key: &str, ago: &str) {
        let content = b"content".to_vec();
        self.parts.objects.put_bytes(key, content).await.unwrap();
        self.sql(&format!(
            "INSERT INTO object_tombstones (object_key, since) VALUES ('{key}', now() - interval '{ago}')"
        ))
        .await;
    }

    pub async fn exists(&self, key: &str) -> bool {
        self.parts.objects.head(key).await.unwrap().is_some()
    }

    pub async fn clean(&self) -> Removed {
        let left = Left::of(Duration::from_mins(5));
        cleanup::remove(&self.parts, left).await.unwrap()
    }
}

/// The statement that records an object as a file of the bed.
pub fn file(key: &str) -> String {
    format!(
        "INSERT INTO bed_files (id, bed_id, kind, name, object_key, content_type, bytes, sha256)
         VALUES (gen_random_uuid(), '{BED}', 'table', 'a.csv', '{key}', 'text/csv', 7, repeat('a', 64))"
    )
}
