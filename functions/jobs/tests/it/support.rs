//! The routes of this function over a database of their own; nothing here talks to queues or objects.

use axum::Router;
use job::{Claimed, Lease, Progress};
use leito_http::testing::{signed_in, without_parts};
use leito_http::{App, service};
use store::{Store, beds, jobs};
use testkit::{Database, database, rows};
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
    let app = change(App {
        store: database.store().clone(),
        ..without_parts().await
    });
    Service {
        router: signed_in(service(::jobs::router(), app.clone()), &app, rows::USER),
        app,
        _database: database,
    }
}

impl Service {
    /// A queued packing job.
    pub async fn job(&self) -> Uuid {
        let (bed, id) = (self.app.ids.next(), self.app.ids.next());
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        beds::insert(&tx, &rows::bed(bed)).await.unwrap();
        jobs::insert(&tx, &rows::packing_job(id, bed))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
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
