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
use store::access::Role;
use store::{Store, beds, jobs, project_members, users};
use uuid::Uuid;

/// Another account, with this role in the project of every test; without one it is a stranger there.
pub async fn another(store: &Store, role: Option<Role>) -> Uuid {
    let id = SystemIds.next();
    let mut client = store.client().await.expect("the database answers");
    let tx = client.transaction().await.expect("a transaction begins");
    let user = users::insert(&tx, &rows::user(id)).await;
    user.expect("the account is stored");
    if let Some(role) = role {
        let joined = project_members::insert(&tx, rows::PROJECT, id, role).await;
        joined.expect("the account is in the project");
    }
    tx.commit().await.expect("both are committed");
    id
}

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
