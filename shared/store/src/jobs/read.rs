//! Reading jobs.

use job::Job;
use uuid::Uuid;

use super::{columns, from_row};
use crate::access::Access;
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

pub(super) const GET_FOR: &str = concat!(
    "SELECT ",
    columns!(),
    ", project_role($2, project_id) AS access FROM jobs
     WHERE id = $1 AND project_role($2, project_id) IS NOT NULL"
);

/// The job, for somebody who may; a stranger's job is [`Error::NotFound`].
pub async fn get_for(client: &impl GenericClient, by: Access, id: Uuid) -> Result<Job, Error> {
    let row = sql::row(client, GET_FOR, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("job", id))?;
    by.check(&row, "job", id)?;
    from_row(&row)
}

pub(super) const UNFINISHED_OF_BED: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM jobs WHERE bed_id = $1 AND status IN ('queued', 'running') ORDER BY id DESC"
);

/// The jobs of a bed that wait or run, newest first.
pub async fn unfinished_of_bed(
    client: &impl GenericClient,
    bed_id: Uuid,
) -> Result<Vec<Job>, Error> {
    sql::rows(client, UNFINISHED_OF_BED, &[&bed_id])
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
