//! Everything a test needs: a database, queues and a bucket of its own, jobs in them, and workers on them.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use job::{EventKind, Job};
use queue::{Policy, Queue};
use runtime::{Ids, SystemIds};
use store::{Store, jobs};
use tempfile::TempDir;
use testkit::{Cloud, Database, rows};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use worker::{Handler, Parts, Settings, Worker};

/// Long enough for a slow machine; a test that waits so long fails.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct World {
    pub cloud: Cloud,
    pub store: Store,
    pub work_dir: TempDir,
    pub database: Option<Database>,
}

impl World {
    pub async fn new() -> Self {
        Self::with_cloud(Cloud::new().await).await
    }

    /// Messages go to the dead letters when received this often.
    pub async fn with_receives(max_receive_count: u32) -> Self {
        Self::with_cloud(
            Cloud::with_policy(Policy {
                visibility_s: 60,
                max_receive_count,
            })
            .await,
        )
        .await
    }

    async fn with_cloud(cloud: Cloud) -> Self {
        let database = testkit::database().await;
        let store = database.store().clone();
        Self {
            database: Some(database),
            ..Self::on(cloud, store)
        }
    }

    /// The world on a database that the test looks after.
    pub fn on(cloud: Cloud, store: Store) -> Self {
        Self {
            cloud,
            store,
            work_dir: TempDir::new().unwrap(),
            database: None,
        }
    }

    pub fn parts(&self) -> Parts {
        Parts {
            store: self.store.clone(),
            queue: self.cloud.queue.clone(),
            objects: self.cloud.objects.clone(),
            ids: Arc::new(SystemIds),
            live: worker::Live::default(),
        }
    }

    pub fn settings(&self) -> Settings {
        settings(self.work_dir.path())
    }

    pub fn worker<H: Handler>(&self, handler: H) -> Worker<H> {
        Worker::new(self.parts(), handler, self.settings())
    }

    /// A committed job whose message has not been sent.
    pub async fn unsent_job(&self) -> Uuid {
        testkit::unsent_job(&self.store).await
    }

    /// The same of the other kind.
    pub async fn unsent_flow_job(&self) -> Uuid {
        let (bed_id, job_id) = (SystemIds.next(), SystemIds.next());
        let simulation = rows::simulation(SystemIds.next(), bed_id);
        let flow = rows::flow_job(job_id, &simulation, None);
        let mut client = self.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        store::beds::insert(&tx, &rows::bed(bed_id)).await.unwrap();
        store::simulations::insert(&tx, &simulation).await.unwrap();
        jobs::insert(&tx, &flow).await.unwrap();
        tx.commit().await.unwrap();
        job_id
    }

    /// The jobs whose messages are due.
    pub async fn unsent(&self) -> Vec<Uuid> {
        let mut client = self.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        let due = store::outbox::unsent(&tx, 100).await.unwrap();
        due.iter().map(|row| row.message.job_id).collect()
    }

    /// A job with its message in the queue.
    pub async fn job(&self) -> Uuid {
        let id = self.unsent_job().await;
        self.relay().await;
        id
    }

    pub async fn relay(&self) {
        worker::relay(&self.store, &self.cloud.queue).await.unwrap();
    }

    /// A further message for the job.
    pub async fn send(&self, id: Uuid) {
        let message = job::Message { job_id: id };
        self.cloud
            .queue
            .send(&self.cloud.queue_settings.packing, &message)
            .await
            .unwrap();
    }

    pub async fn get(&self, id: Uuid) -> Job {
        jobs::get(&self.store.client().await.unwrap(), id)
            .await
            .unwrap()
    }

    /// The job once it is as wanted.
    pub async fn wait(&self, id: Uuid, wanted: impl Fn(&Job) -> bool) -> Job {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let job = self.get(id).await;
            if wanted(&job) {
                return job;
            }
            assert!(Instant::now() < deadline, "still not there: {job:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub async fn finished(&self, id: Uuid) -> Job {
        self.wait(id, |job| job.status.is_final()).await
    }

    pub async fn events(&self, id: Uuid) -> Vec<EventKind> {
        let client = self.store.client().await.unwrap();
        let events = store::job_events::list(&client, id, 0, 1000).await.unwrap();
        events
            .into_iter()
            .map(|event| event.kind)
            .filter(|kind| *kind != EventKind::Progress)
            .collect()
    }

    /// Once no message is left, neither waiting nor being worked on.
    pub async fn queue_is_empty(&self) {
        self.empties(&self.cloud.queue_settings.packing).await;
    }

    /// How many messages died.
    pub async fn dead_letters(&self) -> u32 {
        let dead = Queue::dead_of(&self.cloud.queue_settings.packing);
        self.cloud.queue.depth(&dead).await.unwrap().visible
    }

    async fn empties(&self, name: &queue::Name) {
        let deadline = Instant::now() + PATIENCE;
        while self.cloud.queue.depth(name).await.unwrap() != queue::Depth::default() {
            assert!(Instant::now() < deadline, "messages are left in {name}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub fn folders(&self) -> usize {
        std::fs::read_dir(self.work_dir.path()).unwrap().count()
    }
}

/// A worker with the patience of a test: it notices everything within a second or so.
pub fn settings(work_dir: &Path) -> Settings {
    Settings {
        concurrency: 4,
        wait: Duration::from_secs(1),
        lease: Duration::from_secs(2),
        heartbeat: Duration::from_millis(50),
        grace: Duration::from_millis(200),
        ..Settings::new(work_dir, 1)
    }
}

/// A worker that runs until told to stop.
pub struct Running {
    pub stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    pub fn start<H: Handler>(worker: Worker<H>) -> Self {
        let stop = CancellationToken::new();
        let token = stop.clone();
        Self {
            stop,
            task: tokio::spawn(async move { worker.run(token).await }),
        }
    }

    /// Stops it and waits until it has finished or given back everything.
    pub async fn end(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}
