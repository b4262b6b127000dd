//! A packed bed in a database and a bucket, and the worker's way through one flow job at a time.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use flow_solver::FlowSolver;
use job::{EventKind, Job};
use runtime::{Ids, SystemIds};
use serde_json::{Value, json};
use stages::{PACKING, packing_inputs_hash, packing_key};
use store::stage_outputs::StageOutput;
use store::{Client, jobs, packings, stage_outputs};
use tempfile::TempDir;
use testkit::{Cloud, Database, rows};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use worker::{Parts, Settings, StoredFile, Worker};

use crate::pretend::Pretend;

const PARTICLES: &str =
    "id,x_m,y_m,z_m,radius_m,inside\n0,0,0,0.0025,0.0025,true\n1,0,0,9,0.0025,false\n";

pub struct World {
    pub database: Database,
    pub cloud: Cloud,
    pub bed_id: Uuid,
    pub folder: TempDir,
}

/// The specification with these velocities.
pub fn spec(velocities_m_s: &[f64]) -> Value {
    json!({
        "name": "demo",
        "geometry": { "diameter_m": 0.05, "height_m": 0.1 },
        "particles": { "diameter_m": 0.005, "count": 300 },
        "flow": { "velocities_m_s": velocities_m_s },
    })
}

impl World {
    /// A world whose bed has not been packed.
    pub async fn unpacked() -> Self {
        let world = Self {
            database: testkit::database().await,
            cloud: Cloud::new().await,
            bed_id: SystemIds.next(),
            folder: TempDir::new().unwrap(),
        };
        let mut client = world.client().await;
        let tx = client.transaction().await.unwrap();
        store::beds::insert(&tx, &rows::bed(world.bed_id))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        world
    }

    /// A world whose bed has been packed.
    pub async fn packed() -> Self {
        let world = Self::unpacked().await;
        let bed = bed::from_value(&spec(&[0.1])).unwrap();
        let key = packing_key(&bed, &[]);
        let file = world.upload(&key).await;
        let numbers = json!({
            "bed_height_m": 0.03, "window_low_m": 0.005, "window_high_m": 0.025, "bulk_porosity": 0.41,
        });
        let stage = StageOutput {
            key: key.clone(),
            stage: PACKING.to_owned(),
            output: numbers,
            files: json!([file]),
        };
        let packing = packings::Packing {
            id: SystemIds.next(),
            bed_id: world.bed_id,
            content_hash: key,
            packing_seed: 42,
            particles_inside: 1,
            particles_escaped: 1,
            settled: true,
            max_overlap_ratio: 0.0,
            wall_penetration_ratio: 0.0,
            bed_height_m: 0.03,
            bulk_porosity: 0.41,
            core_porosity: None,
            mean_coordination: 0.0,
            detail: json!({ "inputs_hash": packing_inputs_hash(&bed) }),
        };
        let mut client = world.client().await;
        let tx = client.transaction().await.unwrap();
        stage_outputs::publish(&tx, &stage).await.unwrap();
        packings::insert(&tx, &packing).await.unwrap();
        tx.commit().await.unwrap();
        world
    }

    async fn upload(&self, key: &str) -> StoredFile {
        let path = self.folder.path().join("particles.csv");
        std::fs::write(&path, PARTICLES).unwrap();
        let object = objects_key(key);
        let stored = self.cloud.objects.put_file(&object, &path).await.unwrap();
        StoredFile {
            name: "particles.csv".into(),
            key: object,
            bytes: stored.bytes,
            sha256: stored.sha256,
        }
    }

    pub async fn client(&self) -> Client {
        self.database.store().client().await.unwrap()
    }

    /// A simulation of the bed with its flow job.
    pub async fn flow_job(&self, velocities_m_s: &[f64]) -> Job {
        let simulation = rows::simulation(SystemIds.next(), self.bed_id);
        let mut new = rows::flow_job(SystemIds.next(), &simulation, None);
        new.input = spec(velocities_m_s);
        let mut client = self.client().await;
        let tx = client.transaction().await.unwrap();
        store::simulations::insert(&tx, &simulation).await.unwrap();
        let job = jobs::insert(&tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        job
    }

    /// Lets a worker take the job once, and gives it as it is then.
    pub async fn work_off(&self, solver: &Pretend, id: Uuid) -> Job {
        let store = self.database.store();
        let parts = Parts {
            store: store.clone(),
            queue: self.cloud.queue.clone(),
            objects: self.cloud.objects.clone(),
            ids: Arc::new(SystemIds),
        };
        let handler = FlowSolver::new(solver.clone(), store.clone(), Arc::new(SystemIds));
        let worker = Worker::new(
            parts,
            handler,
            Settings::new(self.folder.path().join("work"), 1),
        );
        let mut record = SqsMessage::default();
        record.body = Some(job::Message { job_id: id }.to_json());
        let mut event = SqsEvent::default();
        event.records = vec![record];
        worker.handle_batch(event, CancellationToken::new()).await;
        jobs::get(&self.client().await, id).await.unwrap()
    }

    /// How often each kind of event happened to the job.
    pub async fn count(&self, id: Uuid, kind: EventKind) -> usize {
        let events = store::job_events::list(&self.client().await, id, 0, 1000)
            .await
            .unwrap();
        events
            .into_iter()
            .filter(|event| event.kind == kind)
            .count()
    }
}

fn objects_key(packing_key: &str) -> String {
    format!("artifacts/{packing_key}/particles.csv")
}
