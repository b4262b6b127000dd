//! The routes of jobs and the sockets of one process, on a database of their own.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use job::{Claimed, Lease, Progress};
use leito_http::serve::Listener;
use leito_http::testing::{get, post, send, signed_in, with_store};
use leito_http::{App, service};
use live::local::Gateway;
use serde_json::Value;
use store::access::Role;
use store::{Store, jobs};
use testkit::{Database, another, database, rows, unsent_job};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::client::Client;

/// Long enough for a slow machine; a test that waits so long fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Service {
    pub app: App,
    pub router: Router,
    pub address: SocketAddr,
    pub stop: CancellationToken,
    _stop: DropGuard,
    _database: Option<Database>,
}

/// A process that listens on a port of its own.
pub async fn serving() -> Service {
    let database = database().await;
    let store = database.store().clone();
    Service {
        _database: Some(database),
        ..serving_on(&store).await
    }
}

/// One more process on the same database.
pub async fn serving_on(store: &Store) -> Service {
    let gateway = Gateway::new(&with_store(store.clone()).await);
    let app = gateway.app().clone();
    let api = service(jobs_routes(), app.clone());
    let listener = Listener::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = listener.address();
    let stop = CancellationToken::new();
    let router = api.clone().merge(gateway.router());
    tokio::spawn(listener.serve(router, stop.clone().cancelled_owned()));
    let ended = stop.clone();
    tokio::spawn(async move { gateway.run(ended).await });
    Service {
        router: signed_in(api, &app, rows::USER),
        app,
        address,
        _stop: stop.clone().drop_guard(),
        stop,
        _database: None,
    }
}

fn jobs_routes() -> utoipa_axum::router::OpenApiRouter<App> {
    ::jobs::router()
}

impl Service {
    /// The access token of a log-in.
    pub fn token(&self, user: Uuid) -> String {
        let now = self.app.clock.now();
        self.app.tokens.issue(user, user, now).unwrap()
    }

    /// A connection of the owner of the project.
    pub async fn connected(&self) -> Client {
        self.connected_as(rows::USER).await
    }

    pub async fn connected_as(&self, user: Uuid) -> Client {
        let bearer = format!("Bearer {}", self.token(user));
        let opened = Client::open(self.address, "/live", &[("authorization", &bearer)]).await;
        opened.unwrap_or_else(|status| panic!("refused: {status}"))
    }

    /// Somebody who has this role in the project, or none.
    pub async fn another(&self, role: Option<Role>) -> Uuid {
        another(&self.app.store, role).await
    }

    pub async fn ticket(&self) -> String {
        let answer = send(&self.router, post("/api/v1/jobs/tickets", ""))
            .await
            .is(200);
        answer["ticket"].as_str().unwrap().to_owned()
    }

    /// A queued job: it has one event.
    pub async fn job(&self) -> Uuid {
        unsent_job(&self.app.store).await
    }

    /// A job that a worker holds: it has two events.
    pub async fn running(&self) -> Claimed {
        let id = self.job().await;
        let client = self.app.store.client().await.unwrap();
        match jobs::claim(&client, id, Lease::new(Uuid::now_v7()))
            .await
            .unwrap()
        {
            jobs::Claim::Won(claimed) => *claimed,
            lost => panic!("{lost:?}"),
        }
    }

    /// What the API says of a job.
    pub async fn show(&self, job: Uuid) -> Value {
        send(&self.router, get(&format!("/api/v1/jobs/{job}")))
            .await
            .is(200)
    }

    pub async fn sql(&self, statement: &str) {
        let client = self.app.store.client().await.unwrap();
        client.batch_execute(statement).await.unwrap();
    }

    pub async fn count(&self, from: &str) -> i64 {
        let client = self.app.store.client().await.unwrap();
        let rows = client
            .query_one(&format!("SELECT count(*) FROM {from}"), &[])
            .await;
        rows.unwrap().get(0)
    }

    /// Waits until so many rows are there.
    pub async fn until_count(&self, from: &str, wanted: i64) {
        let wait = async {
            while self.count(from).await != wanted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        waited.unwrap_or_else(|_| panic!("never {wanted} rows in {from}"));
    }
}

/// One event more, as a worker writes it.
pub async fn progress(store: &Store, claimed: &Claimed, fraction: f64) {
    let progress = Progress {
        stage: "physics".to_owned(),
        fraction,
        eta_s: None,
    };
    let client = store.client().await.unwrap();
    jobs::heartbeat(&client, claimed, Some(&progress))
        .await
        .unwrap();
}

pub async fn complete(store: &Store, claimed: &Claimed) {
    let mut client = store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    jobs::complete(&tx, claimed).await.unwrap();
    tx.commit().await.unwrap();
}
