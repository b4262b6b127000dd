//! Announcing through the hub of one process, on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use push::{Hub, Live, Push};
use store::access::{Access, Role};
use store::live_connections::{self, NewConnection};
use store::live_watches::{self, Added};
use testkit::{Database, database, rows, unsent_job};
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

const ID: &str = "one";

/// A connection that watches a job, and what is posted to it.
struct Watching {
    database: Database,
    hub: Arc<Hub>,
    live: Live,
    job: Uuid,
    posted: Receiver<String>,
}

impl Watching {
    async fn begin() -> Self {
        let database = database().await;
        let job = unsent_job(database.store()).await;
        let hub = Arc::new(Hub::new(Uuid::from_u128(1)));
        let mut client = database.store().client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        let new = NewConnection {
            id: ID.to_owned(),
            gateway: hub.gateway().to_owned(),
            user_id: rows::USER,
        };
        assert!(live_connections::open(&tx, &new, 1).await.unwrap());
        let by = Access {
            user_id: rows::USER,
            at_least: Role::Viewer,
        };
        let added = live_watches::add(&tx, by, ID, (job, 0), 1).await;
        assert_eq!(added.unwrap(), Added::Watched);
        tx.commit().await.unwrap();
        drop(client);
        Self {
            posted: hub.open(ID),
            live: Live::through(hub.clone()),
            hub,
            job,
            database,
        }
    }

    async fn announce(&self) {
        self.live.announce(self.database.store()).await;
    }

    async fn count(&self, from: &str) -> i64 {
        let client = self.database.store().client().await.unwrap();
        let counted = client
            .query_one(&format!("SELECT count(*) FROM {from}"), &[])
            .await;
        counted.unwrap().get(0)
    }

    async fn sql(&self, statement: &str) {
        let client = self.database.store().client().await.unwrap();
        client.batch_execute(statement).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_told_is_told_once() {
    let mut watching = Watching::begin().await;
    watching.announce().await;
    watching.announce().await;
    let told = watching.posted.recv().await.unwrap();
    assert!(told.contains(&watching.job.to_string()), "{told}");
    assert!(watching.posted.try_recv().is_err());
    assert_eq!(
        watching
            .count("live_watches WHERE sent_seq = 1 AND NOT is_new")
            .await,
        1
    );
}

#[tokio::test]
async fn a_connection_that_is_gone_is_forgotten_with_all_it_watched() {
    let watching = Watching::begin().await;
    watching.hub.close(ID);
    watching.announce().await;
    assert_eq!(watching.count("live_connections").await, 0);
    assert_eq!(watching.count("live_watches").await, 0);
}

#[tokio::test]
async fn one_that_could_not_be_told_is_left_alone_for_a_moment_and_then_told() {
    let mut watching = Watching::begin().await;
    while watching.hub.post(ID, "full".to_owned()).await.is_ok() {}
    watching.announce().await;
    let postponed = "live_connections WHERE next_try_at > now()";
    assert_eq!(watching.count(postponed).await, 1);
    assert_eq!(watching.count("live_watches WHERE is_new").await, 1);

    while watching.posted.try_recv().is_ok() {}
    watching.announce().await;
    assert!(watching.posted.try_recv().is_err(), "it is left alone");
    watching
        .sql("UPDATE live_connections SET next_try_at = now()")
        .await;
    watching.announce().await;
    assert!(watching.posted.try_recv().is_ok());
}

#[tokio::test]
async fn the_connections_of_another_process_are_its_own() {
    let mut watching = Watching::begin().await;
    let other = Live::through(Arc::new(Hub::new(Uuid::from_u128(2))));
    other.announce(watching.database.store()).await;
    assert_eq!(watching.count("live_connections").await, 1);
    assert!(watching.posted.try_recv().is_err());
    watching.announce().await;
    assert!(watching.posted.try_recv().is_ok());
}

#[tokio::test]
async fn whoever_holds_a_connection_keeps_announcers_away_and_they_do_not_wait() {
    let mut watching = Watching::begin().await;
    let mut client = watching.database.store().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let held = live_connections::hold(&tx, watching.hub.gateway(), ID).await;
    assert_eq!(held.unwrap(), Some(rows::USER));
    watching.announce().await;
    assert!(watching.posted.try_recv().is_err());
    tx.commit().await.unwrap();
    watching.announce().await;
    assert!(watching.posted.try_recv().is_ok());
}

#[tokio::test]
async fn being_told_something_is_a_sign_of_life() {
    let watching = Watching::begin().await;
    watching
        .sql("UPDATE live_connections SET seen_at = now() - interval '9 minutes'")
        .await;
    watching.announce().await;
    let fresh = "live_connections WHERE seen_at > now() - interval '1 minute'";
    assert_eq!(watching.count(fresh).await, 1);
}
