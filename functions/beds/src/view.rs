//! A bed as callers see it.

use leito_http::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A stored bed and what it would take to compute it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bed {
    /// Its id.
    pub id: Uuid,
    /// The name in its specification.
    #[schema(example = "demo")]
    pub name: String,
    /// The specification, every default filled in.
    pub spec: Specification,
    /// What to expect of it; none when this machine could not compute it any more.
    pub plan: Option<bed::Plan>,
    /// When it was made.
    pub created_at: jiff::Timestamp,
}

impl Bed {
    /// The stored bed, planned for `machine`.
    pub fn new(stored: store::beds::Bed, machine: &bed::Machine) -> Result<Self, Problem> {
        let plan = bed::plan(&read(&stored)?, machine).ok();
        Ok(Self {
            id: stored.id,
            name: stored.name,
            spec: Specification(stored.spec),
            plan,
            created_at: stored.created_at,
        })
    }
}

/// The specification of a stored bed. It was valid when it was stored, so anything else is our mistake.
pub fn read(stored: &store::beds::Bed) -> Result<bed::Bed, Problem> {
    bed::from_value(&stored.spec).map_err(|problems| Problem::internal(bed::Invalid(problems)))
}

/// A specification as JSON. Its schema is the one that the crate `bed` derives from the declared parameters; the
/// document puts it in place of this type's own.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct Specification(pub Value);
