//! A bed as callers see it.

use leito_http::{Actor, Answer, App, Problem};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::audits::NewAudit;
use utoipa::ToSchema;
use uuid::Uuid;

/// A stored bed and what it would take to compute it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bed {
    /// Its id.
    pub id: Uuid,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Who made it, while the account exists.
    pub created_by: Option<Uuid>,
    /// The name in its specification.
    #[schema(example = "demo")]
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The specification, every default filled in.
    #[schema(value_type = Specification)]
    pub spec: Box<RawValue>,
    /// What to expect of it; none when this machine could not compute it any more.
    pub plan: Option<bed::Plan>,
    /// Grows with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// When it was last changed.
    pub updated_at: jiff::Timestamp,
}

impl Bed {
    /// The stored bed, planned for `machine`.
    pub fn new(stored: store::beds::Bed, machine: &bed::Machine) -> Result<Self, Problem> {
        let plan = bed::plan_valid(&read(&stored)?, machine).ok();
        Ok(Self {
            id: stored.id,
            project_id: stored.project_id,
            created_by: stored.created_by,
            name: stored.name,
            description: stored.description,
            spec: stored.spec,
            plan,
            version: stored.version,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        })
    }

    /// An answer about it, with the `ETag` that an update has to show.
    pub fn answer(
        stored: store::beds::Bed,
        machine: &bed::Machine,
        with: impl FnOnce(&Self) -> Result<Answer, Problem>,
    ) -> Result<Answer, Problem> {
        let version = stored.version;
        Ok(with(&Self::new(stored, machine)?)?.versioned(version))
    }
}

/// A record of what somebody did to a bed.
pub fn audit(app: &App, actor: &Actor, action: &'static str, bed: &store::beds::Bed) -> NewAudit {
    NewAudit {
        target_id: Some(bed.id),
        project_id: Some(bed.project_id),
        meta: json!({ "name": bed.name, "version": bed.version }),
        ..actor.audit(app, "bed", action)
    }
}

/// The specification of a stored bed. It was valid when it was stored, so anything else is our mistake.
pub fn read(stored: &store::beds::Bed) -> Result<bed::Bed, Problem> {
    bed::from_stored(stored.spec.get()).map_err(Problem::internal)
}

/// A specification as JSON that somebody sends. Its schema is the one that the crate `bed` derives from the declared
/// parameters; the document puts it in place of this type's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct Specification(pub Value);
