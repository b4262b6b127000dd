//! A database, queues and a bucket, and the worker's way through one job at a time.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use job::{EventKind, Job};
use runtime::{Ids, SystemIds};
use serde_json::Value;
use store::{Client, bed_files, jobs, packings};
use tempfile::TempDir;
use testkit::{Cloud, Database, rows};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use worker::{Handler, Parts, Settings, Worker};

pub struct World {
    pub database: Database,
    pub cloud: Cloud,
    pub folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self {
            database: testkit::database().await,
            cloud: Cloud::new().await,
            folder: TempDir::new().unwrap(),
        }
    }

    pub async fn client(&self) -> Client {
        self.database.store().client().await.unwrap()
    }

    /// A bed with a packing job.
    pub async fn packing_job(&self, input: Value) -> Job {
        let bed_id = SystemIds.next();
        let mut client = self.client().await;
        let tx = client.transaction().await.unwrap();
        store::beds::insert(&tx, &rows::bed(bed_id)).await.unwrap();
        let mut new = rows::packing_job(SystemIds.next(), bed_id);
        new.input = input;
        let job = jobs::insert(&tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        job
    }

    /// The job as it is now.
    pub async fn job(&self, id: Uuid) -> Job {
        jobs::get(&self.client().await, id).await.unwrap()
    }

    /// The packings of a bed.
    pub async fn packings(&self, bed_id: Uuid) -> Vec<packings::Packing> {
        packings::list(&self.client().await, bed_id).await.unwrap()
    }

    /// The names of a bed's files.
    pub async fn file_names(&self, bed_id: Uuid) -> Vec<String> {
        let files = bed_files::list(&self.client().await, bed_id, None, 100)
            .await
            .unwrap();
        files.into_iter().map(|file| file.name).collect()
    }

    /// Lets a worker take the job once, and gives it as it is then.
    pub async fn work_off(&self, handler: impl Handler, id: Uuid) -> Job {
        let parts = Parts {
            store: self.database.store().clone(),
            queue: self.cloud.queue.clone(),
            objects: self.cloud.objects.clone(),
            ids: Arc::new(SystemIds),
            live: worker::Live::default(),
        };
        let worker = Worker::new(parts, handler, Settings::new(self.folder.path(), 1));
        let mut record = SqsMessage::default();
        record.body = Some(job::Message { job_id: id }.to_json());
        let mut event = SqsEvent::default();
        event.records = vec![record];
        worker.handle_batch(event, CancellationToken::new()).await;
        self.job(id).await
    }

    /// What happened to the job, progress left out.
    pub async fn events(&self, id: Uuid) -> Vec<EventKind> {
        let events = store::job_events::list(&self.client().await, id, 0, 1000)
            .await
            .unwrap();
        let kinds = events.into_iter().map(|event| event.kind);
        kinds.filter(|kind| *kind != EventKind::Progress).collect()
    }
}
