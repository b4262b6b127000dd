//! Simulations: flow conditions on a bed and what came of them. Their status follows their flow job, in the very
//! statements that change the job (see `jobs`), so nothing here writes it.

mod compare;
mod list;

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::Access;
use crate::{Error, Transaction, sql};

pub use compare::{Compared, compare};
pub use list::{FoundSimulation, Search, WantedQuantity, search, search_query, sort_kind};

/// A simulation to be stored; it starts as pending.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSimulation {
    /// Made by the caller, `UUIDv7`.
    pub id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// `laminar` or `turbulent_rans`.
    pub regime: String,
    /// Superficial velocities, at least one.
    pub velocities_m_s: Vec<f64>,
    /// The flow block of the specification, a JSON object.
    pub conditions: serde_json::Value,
}

/// A stored simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// Its id.
    pub id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// The project of the bed.
    pub project_id: Uuid,
    /// The packing it used, once known.
    pub packing_id: Option<Uuid>,
    /// `laminar` or `turbulent_rans`.
    pub regime: String,
    /// Superficial velocities.
    pub velocities_m_s: Vec<f64>,
    /// The flow block of the specification.
    pub conditions: serde_json::Value,
    /// pending, running, completed, failed or cancelled.
    pub status: String,
    /// What does not fit into rows of results: residuals, comparisons, mesh numbers.
    pub summary: Option<serde_json::Value>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its flow job first ran.
    pub started_at: Option<Timestamp>,
    /// When its flow job ended.
    pub finished_at: Option<Timestamp>,
}

const INSERT: &str = "
    INSERT INTO simulations (id, bed_id, regime, velocities_m_s, conditions) VALUES ($1, $2, $3, $4, $5)
    RETURNING id, bed_id, project_id, packing_id, regime, velocities_m_s, conditions, status, summary, created_at, started_at,
        finished_at";

/// Stores a simulation.
pub async fn insert(tx: &Transaction<'_>, new: &NewSimulation) -> Result<Simulation, Error> {
    let row = sql::one(
        tx,
        INSERT,
        &[
            &new.id,
            &new.bed_id,
            &new.regime,
            &new.velocities_m_s,
            &new.conditions,
        ],
    )
    .await?;
    from_row(&row)
}

const FIND: &str = "
    SELECT id, bed_id, project_id, packing_id, regime, velocities_m_s, conditions, status, summary, created_at, started_at,
        finished_at
    FROM simulations WHERE id = $1";

/// The simulation, if there is one.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Option<Simulation>, Error> {
    sql::row(client, FIND, &[&id])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The simulation, or [`Error::NotFound`].
pub async fn get(client: &impl GenericClient, id: Uuid) -> Result<Simulation, Error> {
    find(client, id)
        .await?
        .ok_or_else(|| Error::not_found("simulation", id))
}

const GET_FOR: &str = "
    SELECT s.id, s.bed_id, s.project_id, s.packing_id, s.regime, s.velocities_m_s, s.conditions, s.status, s.summary, s.created_at,
        s.started_at, s.finished_at, project_role($2, s.project_id) AS access
    FROM simulations s WHERE s.id = $1 AND project_role($2, s.project_id) IS NOT NULL";

/// The simulation, for somebody who may; a stranger's simulation is [`Error::NotFound`].
pub async fn get_for(
    client: &impl GenericClient,
    by: Access,
    id: Uuid,
) -> Result<Simulation, Error> {
    let row = sql::row(client, GET_FOR, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("simulation", id))?;
    by.check(&row, "simulation", id)?;
    from_row(&row)
}

const LIST: &str = "
    SELECT id, bed_id, project_id, packing_id, regime, velocities_m_s, conditions, status, summary, created_at, started_at,
        finished_at
    FROM simulations WHERE bed_id = $1 ORDER BY id";

/// All simulations of a bed, oldest first.
pub async fn list(client: &impl GenericClient, bed_id: Uuid) -> Result<Vec<Simulation>, Error> {
    sql::rows(client, LIST, &[&bed_id])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

const SUMMARISE: &str = "UPDATE simulations SET packing_id = $2, summary = $3 WHERE id = $1";

/// Stores what the flow job found; call it in the transaction that completes the job.
pub async fn summarise(
    tx: &Transaction<'_>,
    id: Uuid,
    packing_id: Option<Uuid>,
    summary: &serde_json::Value,
) -> Result<(), Error> {
    match sql::execute(tx, SUMMARISE, &[&id, &packing_id, summary]).await? {
        1 => Ok(()),
        _ => Err(Error::not_found("simulation", id)),
    }
}

const LOCK_TO_DELETE: &str = "
    SELECT id, project_role($2, project_id) AS access FROM simulations
    WHERE id = $1 AND project_role($2, project_id) IS NOT NULL FOR UPDATE";

/// As [`get_for`]; nothing that belongs to the simulation, such as a job, can be made until the transaction ends.
pub async fn lock_to_delete(
    tx: &Transaction<'_>,
    by: Access,
    id: Uuid,
) -> Result<Simulation, Error> {
    let row = sql::row(tx, LOCK_TO_DELETE, &[&id, &by.user_id]).await?;
    let row = row.ok_or_else(|| Error::not_found("simulation", id))?;
    by.check(&row, "simulation", id)?;
    get(tx, id).await
}

const DELETE: &str = "DELETE FROM simulations WHERE id = $1";

/// Deletes the simulation with its results, files and jobs; the keys of its files are buried before.
pub async fn delete(tx: &Transaction<'_>, id: Uuid) -> Result<(), Error> {
    match sql::execute(tx, DELETE, &[&id]).await? {
        1 => Ok(()),
        _ => Err(Error::not_found("simulation", id)),
    }
}

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT,
    FIND,
    GET_FOR,
    LIST,
    SUMMARISE,
    LOCK_TO_DELETE,
    DELETE,
    compare::COMPARE,
];

fn from_row(row: &Row) -> Result<Simulation, Error> {
    Ok(Simulation {
        id: row.try_get("id")?,
        bed_id: row.try_get("bed_id")?,
        project_id: row.try_get("project_id")?,
        packing_id: row.try_get("packing_id")?,
        regime: row.try_get("regime")?,
        velocities_m_s: row.try_get("velocities_m_s")?,
        conditions: row.try_get("conditions")?,
        status: row.try_get("status")?,
        summary: row.try_get("summary")?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
    })
}
