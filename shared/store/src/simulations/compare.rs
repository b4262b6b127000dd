//! Several simulations with all their results, in one statement.

use deadpool_postgres::GenericClient;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::results::{self, Quantity};
use crate::{Error, sql};

/// A simulation and everything that came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Its id.
    pub id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// That bed's name.
    pub bed_name: String,
    /// pending, running, completed, failed or cancelled.
    pub status: String,
    /// `laminar` or `turbulent_rans`.
    pub regime: String,
    /// The flow block of the specification.
    pub conditions: Value,
    /// By velocity and then by name; empty until completed.
    pub results: Vec<Quantity>,
}

pub(super) const COMPARE: &str = "
    WITH asked AS MATERIALIZED (
        SELECT wanted.place, s.id, s.bed_id, b.name AS bed_name, s.status, s.regime, s.conditions
        FROM UNNEST($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
        JOIN simulations s ON s.id = wanted.id JOIN beds b ON b.id = s.bed_id
        WHERE project_role($2, s.project_id) IS NOT NULL)
    SELECT asked.id, asked.bed_id, asked.bed_name, asked.status, asked.regime, asked.conditions, r.velocity_index,
        r.superficial_velocity_m_s, r.quantity, r.value, r.unit, r.uncertainty
    FROM asked LEFT JOIN results r ON r.simulation_id = asked.id
    ORDER BY asked.place, r.velocity_index, r.quantity";

/// Those of the simulations that this user may see, in the order in which they are named.
pub async fn compare(
    client: &impl GenericClient,
    user_id: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Compared>, Error> {
    let mut all: Vec<Compared> = Vec::new();
    for row in sql::rows(client, COMPARE, &[&ids, &user_id]).await? {
        let id: Uuid = row.try_get("id")?;
        if all.last().is_none_or(|last| last.id != id) {
            all.push(without_results(&row)?);
        }
        let has_result = row.try_get::<_, Option<&str>>("quantity")?.is_some();
        if let (Some(last), true) = (all.last_mut(), has_result) {
            last.results.push(results::from_row(&row)?);
        }
    }
    Ok(all)
}

fn without_results(row: &Row) -> Result<Compared, Error> {
    Ok(Compared {
        id: row.try_get("id")?,
        bed_id: row.try_get("bed_id")?,
        bed_name: row.try_get("bed_name")?,
        status: row.try_get("status")?,
        regime: row.try_get("regime")?,
        conditions: row.try_get("conditions")?,
        results: Vec::new(),
    })
}
