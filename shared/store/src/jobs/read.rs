//! Reading jobs.

use job::Job;
use uuid::Uuid;

use super::{columns, from_row};
use crate::{Error, GenericClient, sql};

pub(super) const FIND: &str = concat!("SELECT ", columns!(), " FROM jobs WHERE id = $1");

/// The job, if there is one.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Option<Job>, Error> {
    sql::row(client, FIND, &[&id])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The job, or [`Error::NotFound`].
pub async fn get(client: &impl GenericClient, id: Uuid) -> Result<Job, Error> {
    find(client, id)
        .await?
        .ok_or_else(|| Error::not_found("job", id))
}

pub(super) const OF_BED: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM jobs WHERE bed_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
);

/// A page of a bed's jobs, newest first, starting below the given id.
pub async fn of_bed(
    client: &impl GenericClient,
    bed_id: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Job>, Error> {
    sql::rows(client, OF_BED, &[&bed_id, &before, &limit])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

pub(super) const OF_SIMULATION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM jobs WHERE simulation_id = $1 ORDER BY id"
);

/// The jobs made for a simulation, oldest first.
pub async fn of_simulation(
    client: &impl GenericClient,
    simulation_id: Uuid,
) -> Result<Vec<Job>, Error> {
    sql::rows(client, OF_SIMULATION, &[&simulation_id])
        .await?
        .iter()
        .map(from_row)
        .collect()
}
