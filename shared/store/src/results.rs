//! Results: one number each, with its unit and, where known, its uncertainty.

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// One quantity at one velocity.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Quantity {
    /// Position of the velocity in the simulation's list, from 0.
    pub velocity_index: i32,
    /// The velocity itself.
    pub superficial_velocity_m_s: f64,
    /// Name with unit suffix, such as `pressure_drop_pa`.
    pub quantity: String,
    /// The number; never NaN.
    pub value: f64,
    /// SI unit, empty for a ratio.
    pub unit: String,
    /// Half the width of the error band, in the same unit.
    pub uncertainty: Option<f64>,
}

/// A second finish of the same simulation replaces nothing: it is refused as a conflict.
const INSERT: &str = "
    INSERT INTO results (simulation_id, velocity_index, superficial_velocity_m_s, quantity, value, unit, uncertainty)
    SELECT $1, * FROM UNNEST($2::integer[], $3::double precision[], $4::text[], $5::double precision[], $6::text[],
        $7::double precision[])";

/// Stores all results of a simulation in one statement.
pub async fn insert(
    tx: &Transaction<'_>,
    simulation_id: Uuid,
    all: &[Quantity],
) -> Result<(), Error> {
    let index: Vec<i32> = all.iter().map(|one| one.velocity_index).collect();
    let velocity: Vec<f64> = all.iter().map(|one| one.superficial_velocity_m_s).collect();
    let quantity: Vec<&str> = all.iter().map(|one| one.quantity.as_str()).collect();
    let value: Vec<f64> = all.iter().map(|one| one.value).collect();
    let unit: Vec<&str> = all.iter().map(|one| one.unit.as_str()).collect();
    let uncertainty: Vec<Option<f64>> = all.iter().map(|one| one.uncertainty).collect();
    sql::execute(
        tx,
        INSERT,
        &[
            &simulation_id,
            &index,
            &velocity,
            &quantity,
            &value,
            &unit,
            &uncertainty,
        ],
    )
    .await?;
    Ok(())
}

const LIST: &str = "
    SELECT velocity_index, superficial_velocity_m_s, quantity, value, unit, uncertainty
    FROM results WHERE simulation_id = $1 ORDER BY velocity_index, quantity";

/// All results of a simulation, by velocity and then by name.
pub async fn list(
    client: &impl GenericClient,
    simulation_id: Uuid,
) -> Result<Vec<Quantity>, Error> {
    sql::rows(client, LIST, &[&simulation_id])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

pub(crate) const STATEMENTS: &[&str] = &[INSERT, LIST];

pub(crate) fn from_row(row: &Row) -> Result<Quantity, Error> {
    Ok(Quantity {
        velocity_index: row.try_get("velocity_index")?,
        superficial_velocity_m_s: row.try_get("superficial_velocity_m_s")?,
        quantity: row.try_get("quantity")?,
        value: row.try_get("value")?,
        unit: row.try_get("unit")?,
        uncertainty: row.try_get("uncertainty")?,
    })
}
