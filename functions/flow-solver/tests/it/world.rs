//! A packed bed in a database and a bucket, and the worker's way through one flow job at a time.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use engine::blender::TABLE;
use flow_solver::FlowSolver;
use job::{Event, EventKind, Job};
use runtime::{Ids, SystemIds};
use serde_json::{Value, json};
use stages::{PACKING, packing_key};
use store::stage_outputs::StageOutput;
use store::{Client, jobs, packings, stage_outputs};
use tempfile::TempDir;
use testkit::{Cloud, Database, rows};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use worker::{Parts, Settings, StoredFile, Worker};

use crate::packing;

pub struct World {
    pub database: Database,
    pub cloud: Cloud,
    pub bed_id: Uuid,
    pub folder: TempDir,
}

/// The specification with these velocities: two dozen spheres in water, meshed as coarsely as a flow still converges.
pub fn spec(velocities_m_s: &[f64]) -> Value {
    json!({
        "name": "tiny",
        "geometry": { "diameter_m": 0.015, "height_m": 0.045 },
        "particles": { "diameter_m": 0.005, "count": 24 },
        "flow": {
            "velocities_m_s": velocities_m_s,
            "fluid_density_kg_m3": 998.0,
            "fluid_viscosity_pa_s": 1e-3,
            "cells_per_diameter": 6.0,
            "write_fields": false,
            "surface_level": 0,
            "porosity_tolerance": 0.1,
            "inlet_length": 1.0,
            "outlet_length": 2.0,
        },
        "export": { "formats": ["stl"] },
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
        let packing = packing::tiny().await;
        let bed = bed::from_value(&spec(&[0.1])).unwrap();
        let key = packing_key(&bed, &[]);
        let file = world.upload(&key, &packing.table).await;
        let stage = StageOutput {
            key: key.clone(),
            stage: PACKING.to_owned(),
            output: json!(packing.numbers),
            files: json!([file]),
        };
        let row = packing.row(&bed, world.bed_id, &key);
        let mut client = world.client().await;
        let tx = client.transaction().await.unwrap();
        stage_outputs::publish(&tx, &stage).await.unwrap();
        packings::insert(&tx, &row).await.unwrap();
        tx.commit().await.unwrap();
        world
    }

    async fn upload(&self, packing_key: &str, table: &str) -> StoredFile {
        let path = self.folder.path().join(TABLE);
        std::fs::write(&path, table).unwrap();
        let key = format!("artifacts/{packing_key}/{TABLE}");
        let stored = self.cloud.objects.put_file(&key, &path).await.unwrap();
        StoredFile {
            name: TABLE.into(),
            key,
            bytes: stored.bytes,
            sha256: stored.sha256,
            unpacked: None,
        }
    }

    pub async fn client(&self) -> Client {
        self.database.store().client().await.unwrap()
    }

    /// A simulation of the bed at these velocities with its flow job.
    pub async fn flow_job(&self, velocities_m_s: &[f64]) -> Job {
        self.job(spec(velocities_m_s)).await
    }

    /// A simulation of the bed as this specification says, with its flow job.
    pub async fn job(&self, input: Value) -> Job {
        let simulation = rows::simulation(SystemIds.next(), self.bed_id);
        let mut new = rows::flow_job(SystemIds.next(), &simulation, None);
        new.input = input;
        let mut client = self.client().await;
        let tx = client.transaction().await.unwrap();
        store::simulations::insert(&tx, &simulation).await.unwrap();
        let job = jobs::insert(&tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        job
    }

    /// Where the worker makes its folders.
    pub fn work_dir(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Lets a worker take the job once, and gives it as it is then.
    pub async fn work_off(&self, id: Uuid) -> Job {
        self.work_off_as(id, Settings::new(self.work_dir(), 1))
            .await
    }

    /// The same with a worker of these settings.
    pub async fn work_off_as(&self, id: Uuid, settings: Settings) -> Job {
        let store = self.database.store();
        let parts = Parts {
            store: store.clone(),
            queue: self.cloud.queue.clone(),
            objects: self.cloud.objects.clone(),
            ids: Arc::new(SystemIds),
            live: worker::Live::default(),
        };
        let handler = FlowSolver::new(store.clone(), Arc::new(SystemIds));
        let worker = Worker::new(parts, handler, settings);
        let mut record = SqsMessage::default();
        record.body = Some(job::Message { job_id: id }.to_json());
        let mut event = SqsEvent::default();
        event.records = vec![record];
        worker.handle_batch(event, CancellationToken::new()).await;
        jobs::get(&self.client().await, id).await.unwrap()
    }

    /// What happened to the job with which stages: `("reused", "mesh")`. Progress is left out.
    pub async fn stages(&self, id: Uuid) -> Vec<(EventKind, String)> {
        let events = self.events(id).await.into_iter();
        let stages = events.filter_map(|event| {
            let stage = event.data["stage"].as_str()?.to_owned();
            (event.kind != EventKind::Progress).then_some((event.kind, stage))
        });
        stages.collect()
    }

    /// The stages of which an engine reported progress.
    pub async fn engines(&self, id: Uuid) -> BTreeSet<String> {
        let events = self.events(id).await.into_iter();
        let reports = events.filter(|event| event.kind == EventKind::Progress);
        reports
            .filter_map(|event| Some(event.data["stage"].as_str()?.to_owned()))
            .collect()
    }

    /// How often that happened to the job.
    pub async fn count(&self, id: Uuid, kind: EventKind) -> usize {
        let events = self.events(id).await.into_iter();
        events.filter(|event| event.kind == kind).count()
    }

    async fn events(&self, id: Uuid) -> Vec<Event> {
        store::job_events::list(&self.client().await, id, 0, 1000)
            .await
            .unwrap()
    }
}
