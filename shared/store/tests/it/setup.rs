//! Short words for what most tests need.

use std::time::Duration;

use job::{Claimed, Event, Failure, Job, Lease, Status};
use store::jobs::{self, Claim};
use store::{Client, job_events, outbox, simulations};
use testkit::{Database, rows};
use uuid::Uuid;

pub const BED: Uuid = Uuid::from_u128(1);
pub const SIMULATION: Uuid = Uuid::from_u128(2);
pub const PACKING: Uuid = Uuid::from_u128(3);
pub const FLOW: Uuid = Uuid::from_u128(4);

/// A database with a bed and a simulation.
pub async fn with_bed() -> Database {
    let database = testkit::database().await;
    let mut client = database.store().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    store::beds::insert(&tx, &rows::bed(BED)).await.unwrap();
    simulations::insert(&tx, &rows::simulation(SIMULATION, BED))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    database
}

/// The same with a queued packing job.
pub async fn with_job() -> Database {
    let database = with_bed().await;
    let mut client = database.store().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    jobs::insert(&tx, &rows::packing_job(PACKING, BED))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    database
}

/// The same with a flow job that waits for the packing job.
pub async fn with_both_jobs() -> Database {
    let database = with_job().await;
    let mut client = database.store().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let flow = rows::flow_job(FLOW, &rows::simulation(SIMULATION, BED), Some(PACKING));
    jobs::insert(&tx, &flow).await.unwrap();
    tx.commit().await.unwrap();
    database
}

pub fn lease(token: u128) -> Lease {
    Lease::new(Uuid::from_u128(token))
}

pub async fn claim(database: &Database, id: Uuid, token: u128) -> Claim {
    jobs::claim(&client(database).await, id, lease(token))
        .await
        .unwrap()
}

pub async fn won(database: &Database, id: Uuid, token: u128) -> Claimed {
    match claim(database, id, token).await {
        Claim::Won(claimed) => *claimed,
        lost => panic!("not won: {lost:?}"),
    }
}

pub async fn client(database: &Database) -> Client {
    database.store().client().await.unwrap()
}

/// The time, by the database's clock.
pub async fn now(database: &Database) -> jiff::Timestamp {
    let client = client(database).await;
    let row = client.query_one("SELECT now()", &[]).await.unwrap();
    row.get(0)
}

/// Runs statements that no function of the store offers, such as letting time pass.
pub async fn run(database: &Database, sql: &str) {
    client(database).await.batch_execute(sql).await.unwrap();
}

pub async fn expire_leases(database: &Database) {
    run(
        database,
        "UPDATE jobs SET lease_expires_at = now() - interval '1 s' WHERE status = 'running'",
    )
    .await;
}

pub async fn skip_backoff(database: &Database) {
    run(
        database,
        "UPDATE jobs SET run_after = now() WHERE status = 'queued'",
    )
    .await;
}

pub async fn job(database: &Database, id: Uuid) -> Job {
    jobs::get(&client(database).await, id).await.unwrap()
}

pub async fn status(database: &Database, id: Uuid) -> Status {
    job(database, id).await.status
}

pub async fn simulation_status(database: &Database) -> String {
    simulations::get(&client(database).await, SIMULATION)
        .await
        .unwrap()
        .status
}

pub async fn events(database: &Database, id: Uuid) -> Vec<Event> {
    job_events::list(&client(database).await, id, 0, 1000)
        .await
        .unwrap()
}

pub async fn event_words(database: &Database, id: Uuid) -> Vec<String> {
    events(database, id)
        .await
        .iter()
        .map(|event| event.kind.to_string())
        .collect()
}

/// Takes all due messages out of the outbox, as a relay would, and names their jobs.
pub async fn relay(database: &Database) -> Vec<Uuid> {
    let mut client = client(database).await;
    let tx = client.transaction().await.unwrap();
    let due = outbox::unsent(&tx, 100).await.unwrap();
    outbox::mark_sent(&tx, &due.iter().map(|one| one.id).collect::<Vec<_>>())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    due.iter().map(|one| one.message.job_id).collect()
}

pub async fn reap(database: &Database, silence: Duration) -> jobs::Stranded {
    let mut client = client(database).await;
    let tx = client.transaction().await.unwrap();
    let done = jobs::requeue_stranded(&tx, silence, 100).await.unwrap();
    tx.commit().await.unwrap();
    done
}

/// Calls a function that takes a transaction and a claim, and commits when it went well.
macro_rules! committed {
    ($database:expr, $function:path $(, $argument:expr)*) => {{
        let mut client = $crate::setup::client($database).await;
        let tx = client.transaction().await.unwrap();
        let outcome = $function(&tx $(, $argument)*).await;
        if outcome.is_ok() {
            tx.commit().await.unwrap();
        }
        outcome
    }};
}
pub(crate) use committed;

pub fn retryable() -> Failure {
    Failure::retry("engine_crashed", "the engine crashed")
}

pub fn permanent() -> Failure {
    Failure::permanent("not_settled", "the packing did not settle").with_last_words("still moving")
}

/// Waits until somebody waits for a lock.
pub async fn blocked(database: &Database) {
    let client = client(database).await;
    let blocked = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE datname = current_database() AND NOT granted";
    let wait = async {
        while client.query(blocked, &[]).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), wait)
        .await
        .expect("nobody waits for the other");
}
