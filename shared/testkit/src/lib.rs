//! What tests stand on: real services, each test seeing only its own part of them.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "only tests use this, and a test without its services cannot go on"
)]

mod cloud;
mod database;
mod processes;
pub mod rows;
mod small_disk;

pub use cloud::{Cloud, emulator_program};
pub use database::{Database, database, empty_database, settle};
pub use processes::{Process, processes_in};
pub use small_disk::SmallDisk;

use runtime::{Ids, SystemIds};
use store::{Store, beds, jobs};
use uuid::Uuid;

/// A committed packing job of a bed of its own, whose message nobody has sent.
pub async fn unsent_job(store: &Store) -> Uuid {
    let (bed_id, job_id) = (SystemIds.next(), SystemIds.next());
    let mut client = store.client().await.expect("the database answers");
    let tx = client.transaction().await.expect("a transaction begins");
    let bed = beds::insert(&tx, &rows::bed(bed_id)).await;
    bed.expect("the bed is stored");
    let job = jobs::insert(&tx, &rows::packing_job(job_id, bed_id)).await;
    job.expect("the job is stored");
    tx.commit().await.expect("both are committed");
    job_id
}
