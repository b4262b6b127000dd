//! Finding simulations, by what they are of or by a number that came of them.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::Error;
use crate::list::{KeyKind, List, Listed, Order, Page, Query, Range};
use crate::results::{self, Quantity};

/// What to look for; everything that is left out does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// In this project alone.
    pub project_id: Option<Uuid>,
    /// Of this bed.
    pub bed_id: Option<Uuid>,
    /// pending, running, completed, failed or cancelled.
    pub status: Option<String>,
    /// Made then.
    pub created: Range<Timestamp>,
    /// With this result.
    pub quantity: Option<WantedQuantity>,
}

/// A number that a simulation must have given. Then every velocity at which it did is a row of its own, and the rows are
/// sorted by the number.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedQuantity {
    /// Its name, such as `pressure_gradient_pa_m`.
    pub name: String,
    /// Its value.
    pub range: Range<f64>,
}

/// A simulation in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundSimulation {
    /// Its id.
    pub id: Uuid,
    /// The bed the fluid flows through.
    pub bed_id: Uuid,
    /// That bed's name.
    pub bed_name: String,
    /// The project of the bed.
    pub project_id: Uuid,
    /// `laminar` or `turbulent_rans`.
    pub regime: String,
    /// Superficial velocities.
    pub velocities_m_s: Vec<f64>,
    /// pending, running, completed, failed or cancelled.
    pub status: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its flow job first ran.
    pub started_at: Option<Timestamp>,
    /// When its flow job ended.
    pub finished_at: Option<Timestamp>,
    /// The number that was asked for.
    pub result: Option<Quantity>,
}

const COLUMNS: (&str, &str, &str) = (
    "t.id, t.bed_id, b.name AS bed_name, t.project_id, t.regime, t.velocities_m_s, t.status, t.created_at,
        t.started_at, t.finished_at",
    "simulations t JOIN beds b ON b.id = t.bed_id",
    "t.project_id",
);

const COLUMNS_WITH_RESULT: (&str, &str, &str) = (
    "t.id, t.bed_id, b.name AS bed_name, t.project_id, t.regime, t.velocities_m_s, t.status, t.created_at,
        t.started_at, t.finished_at, r.velocity_index, r.superficial_velocity_m_s, r.quantity, r.value, r.unit,
        r.uncertainty",
    "results r JOIN simulations t ON t.id = r.simulation_id JOIN beds b ON b.id = t.bed_id",
    "r.project_id",
);

/// What the list is sorted by holds values of this kind.
pub fn sort_kind(by_quantity: bool) -> KeyKind {
    if by_quantity {
        KeyKind::Real
    } else {
        KeyKind::Time
    }
}

/// A page of the simulations that this user may see and that are as wanted: by the quantity asked for, else by when they
/// were made.
pub async fn search(
    client: &impl GenericClient,
    user_id: Uuid,
    wanted: Search,
    descending: bool,
    page: &Page,
) -> Result<Listed<FoundSimulation>, Error> {
    let with_result = wanted.quantity.is_some();
    search_query(user_id, wanted, descending, page)
        .run(client, |row| from_row(row, with_result))
        .await
}

/// The statement of [`search`].
#[doc(hidden)]
pub fn search_query(user_id: Uuid, wanted: Search, descending: bool, page: &Page) -> Query {
    let kind = sort_kind(wanted.quantity.is_some());
    let (columns, keys): (_, &[&str]) = match wanted.quantity {
        Some(_) => (
            COLUMNS_WITH_RESULT,
            &["r.value", "r.simulation_id", "r.velocity_index"],
        ),
        None => (COLUMNS, &["t.created_at", "t.id"]),
    };
    let mut list = List::of(user_id, wanted.project_id, columns);
    list.maybe("t.bed_id = ", wanted.bed_id, "");
    list.maybe("t.status = ", wanted.status, "");
    list.within("t.created_at", wanted.created);
    if let Some(quantity) = wanted.quantity {
        list.filter("r.quantity = ", quantity.name, "");
        list.within("r.value", quantity.range);
    }
    let order = Order {
        keys,
        kind,
        descending,
    };
    list.page(order, page)
}

fn from_row(row: &Row, with_result: bool) -> Result<FoundSimulation, Error> {
    Ok(FoundSimulation {
        id: row.try_get("id")?,
        bed_id: row.try_get("bed_id")?,
        bed_name: row.try_get("bed_name")?,
        project_id: row.try_get("project_id")?,
        regime: row.try_get("regime")?,
        velocities_m_s: row.try_get("velocities_m_s")?,
        status: row.try_get("status")?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        result: with_result.then(|| results::from_row(row)).transpose()?,
    })
}
