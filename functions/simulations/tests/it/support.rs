//! The routes of this function over a database of their own; nothing here talks to queues or objects.

use axum::Router;
use leito_http::testing::{signed_in, with_store};
use leito_http::{App, service};
use serde_json::json;
use store::access::Role;
use store::beds::NewBed;
use store::results::Quantity;
use store::{beds, jobs, results, simulations};
use testkit::{Database, another, database, rows};
use uuid::Uuid;

pub struct Service {
    pub router: Router,
    pub app: App,
    _database: Database,
}

pub async fn serving() -> Service {
    let database = database().await;
    let app = with_store(database.store().clone()).await;
    let service = service(::simulations::router(), app.clone());
    Service {
        router: signed_in(service, &app, rows::USER),
        app,
        _database: database,
    }
}

impl Service {
    /// The same service for somebody else, who has this role in the project or none.
    pub async fn for_another(&self, role: Option<Role>) -> Router {
        let id = another(&self.app.store, role).await;
        let router = service(::simulations::router(), self.app.clone());
        signed_in(router, &self.app, id)
    }

    /// A bed that can be computed.
    pub async fn bed(&self, name: &str) -> Uuid {
        let id = self.app.ids.next();
        let spec = bed::to_json(&bed::Bed::new(name, 0.02, 0.1, 0.005, 100));
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        let new = NewBed {
            name: name.to_owned(),
            spec,
            ..rows::bed(id)
        };
        beds::insert(&tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A simulation of that bed with its flow job, which waits.
    pub async fn simulation(&self, bed_id: Uuid) -> Uuid {
        let (id, flow) = (self.app.ids.next(), self.app.ids.next());
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        let stored = beds::get(&tx, bed_id).await.unwrap();
        let new = rows::simulation(id, bed_id);
        simulations::insert(&tx, &new).await.unwrap();
        let flow = job::NewJob {
            input: serde_json::from_str(stored.spec.get()).unwrap(),
            ..rows::flow_job(flow, &new, None)
        };
        jobs::insert(&tx, &flow).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// The same with a result at each of these velocities (m/s).
    pub async fn with_results(&self, bed_id: Uuid, gradients: &[(f64, f64)]) -> Uuid {
        let id = self.simulation(bed_id).await;
        let all: Vec<Quantity> = (0..)
            .zip(gradients)
            .flat_map(|(index, (velocity, gradient))| {
                let number = |quantity: &str, value: f64, unit: &str, uncertainty| Quantity {
                    velocity_index: index,
                    superficial_velocity_m_s: *velocity,
                    quantity: quantity.to_owned(),
                    value,
                    unit: unit.to_owned(),
                    uncertainty,
                };
                [
                    number(
                        "pressure_gradient_pa_m",
                        *gradient,
                        "Pa/m",
                        Some(gradient.abs() / 10.0),
                    ),
                    number("particle_reynolds", velocity * 100.0, "", None),
                ]
            })
            .collect();
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        results::insert(&tx, id, &all).await.unwrap();
        tx.commit().await.unwrap();
        self.finish(id).await;
        id
    }

    /// Has the jobs of the simulation cancelled, so that it is over.
    pub async fn finish(&self, id: Uuid) {
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        for job in jobs::of_simulation(&tx, id).await.unwrap() {
            jobs::request_cancel(&tx, job.id).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    pub async fn sql(&self, statement: &str) {
        let client = self.app.store.client().await.unwrap();
        client.batch_execute(statement).await.unwrap();
    }

    /// How many audits there are of this kind and action.
    pub async fn audits(&self, kind: &str, action: &str) -> i64 {
        let client = self.app.store.client().await.unwrap();
        let count = "SELECT count(*) FROM automation_audits WHERE kind = $1 AND action = $2";
        client
            .query_one(count, &[&kind, &action])
            .await
            .unwrap()
            .get(0)
    }
}

pub fn conditions() -> serde_json::Value {
    json!({ "fluid_density_kg_m3": 1.225 })
}
