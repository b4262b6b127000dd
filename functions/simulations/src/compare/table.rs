//! Results side by side: a row for each simulation and velocity, a column for each quantity.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use store::simulations::Compared;
use utoipa::ToSchema;
use uuid::Uuid;

/// Several simulations side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// The columns: every quantity that any of the simulations has.
    pub quantities: Vec<Column>,
    /// The simulations in the order asked for, each with its velocities in the order of its specification. One without
    /// results is a row without velocity and values.
    pub rows: Vec<Row>,
}

/// A quantity.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Column {
    /// Its name, such as `pressure_gradient_pa_m`.
    pub name: String,
    /// Its SI unit; empty for a ratio.
    pub unit: String,
}

/// A simulation at one velocity.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparisonRow)]
pub struct Row {
    /// The simulation.
    pub simulation_id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// That bed's name.
    pub bed_name: String,
    /// pending, running, completed, failed or cancelled.
    pub status: String,
    /// `laminar` or `turbulent_rans`.
    pub regime: String,
    /// The flow block of the specification it was started with.
    #[schema(value_type = Object)]
    pub conditions: Value,
    /// The superficial velocity.
    pub superficial_velocity_m_s: Option<f64>,
    /// A value for each of the quantities; none where the simulation has none.
    pub values: Vec<Option<f64>>,
    /// Half the width of the error band of each, where known.
    pub uncertainties: Vec<Option<f64>>,
}

impl Comparison {
    /// The table of these simulations.
    pub fn new(all: &[Compared]) -> Self {
        let mut quantities = BTreeMap::new();
        for result in all.iter().flat_map(|one| &one.results) {
            quantities.insert(result.quantity.clone(), result.unit.clone());
        }
        let places: BTreeMap<&str, usize> = (0..)
            .zip(quantities.keys())
            .map(|(place, name)| (name.as_str(), place))
            .collect();
        let rows = all.iter().flat_map(|one| rows(one, &places)).collect();
        Self {
            rows,
            quantities: quantities
                .into_iter()
                .map(|(name, unit)| Column { name, unit })
                .collect(),
        }
    }
}

/// The results come sorted by velocity.
fn rows(one: &Compared, places: &BTreeMap<&str, usize>) -> Vec<Row> {
    let empty = |superficial_velocity_m_s| Row {
        simulation_id: one.id,
        bed_id: one.bed_id,
        bed_name: one.bed_name.clone(),
        status: one.status.clone(),
        regime: one.regime.clone(),
        conditions: one.conditions.clone(),
        superficial_velocity_m_s,
        values: vec![None; places.len()],
        uncertainties: vec![None; places.len()],
    };
    let mut rows: Vec<(i32, Row)> = Vec::new();
    for result in &one.results {
        let is_new = rows
            .last()
            .is_none_or(|(index, _)| *index != result.velocity_index);
        if is_new {
            let row = empty(Some(result.superficial_velocity_m_s));
            rows.push((result.velocity_index, row));
        }
        let place = places.get(result.quantity.as_str());
        if let (Some((_, row)), Some(place)) = (rows.last_mut(), place) {
            row.values[*place] = Some(result.value);
            row.uncertainties[*place] = result.uncertainty;
        }
    }
    if rows.is_empty() {
        return vec![empty(None)];
    }
    rows.into_iter().map(|(_, row)| row).collect()
}
