//! The routes of this function over a database of their own; nothing here talks to queues or objects.

use axum::Router;
use job::{Claimed, Lease, Progress};
use leito_http::testing::{signed_in, with_store};
use leito_http::{App, service};
use store::access::Role;
use store::{Store, beds, jobs, simulations};
use testkit::{Database, another, database, rows};
use uuid::Uuid;

pub struct Service {
    pub router: Router,
    pub app: App,
    _database: Database,
}

pub async fn serving() -> Service {
    serving_as(|app| app).await
}

pub async fn serving_as(change: impl FnOnce(App) -> App) -> Service {
    let database = database().await;
    let app = change(with_store(database.store().clone()).await);
    Service {
        router: signed_in(service(::jobs::router(), app.clone()), &app, rows::USER),
        app,
        _database: database,
    }
}

impl Service {
    /// The same service for somebody else, who has this role in the project or none.
    pub async fn for_another(&self, role: Option<Role>) -> Router {
        let id = another(&self.app.store, role).await;
        signed_in(service(::jobs::router(), self.app.clone()), &self.app, id)
    }

    /// A queued packing job.
    pub async fn job(&self) -> Uuid {
        self.job_and_bed().await.0
    }

    /// A queued packing job, and its bed.
    pub async fn job_and_bed(&self) -> (Uuid, Uuid) {
        let (bed, id) = (self.app.ids.next(), self.app.ids.next());
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        beds::insert(&tx, &rows::bed(bed)).await.unwrap();
        jobs::insert(&tx, &rows::packing_job(id, bed))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (id, bed)
    }

    /// A flow job that waits for this job of this bed.
    pub async fn flow_after(&self, packing: Uuid, bed: Uuid) -> Uuid {
        let (simulation, id) = (self.app.ids.next(), self.app.ids.next());
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        let new = rows::simulation(simulation, bed);
        simulations::insert(&tx, &new).await.unwrap();
        jobs::insert(&tx, &rows::flow_job(id, &new, Some(packing)))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn sql(&self, statement: &str) {
        let client = self.app.store.client().await.unwrap();
        client.batch_execute(statement).await.unwrap();
    }
}

/// Takes the job as a worker does.
pub async fn claim(store: &Store, id: Uuid) -> Claimed {
    let claim = jobs::claim(
        &store.client().await.unwrap(),
        id,
        Lease::new(Uuid::now_v7()),
    )
    .await
    .unwrap();
    match claim {
        jobs::Claim::Won(claimed) => *claimed,
        lost => panic!("{lost:?}"),
    }
}

pub async fn progress(store: &Store, claimed: &Claimed, fraction: f64) {
    let progress = Progress {
        stage: "physics".to_owned(),
        fraction,
        eta_s: None,
    };
    jobs::heartbeat(&store.client().await.unwrap(), claimed, Some(&progress))
        .await
        .unwrap();
}

pub async fn complete(store: &Store, claimed: &Claimed) {
    let mut client = store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    jobs::complete(&tx, claimed).await.unwrap();
    tx.commit().await.unwrap();
}
