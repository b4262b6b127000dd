//! The registry: every kind of submission and every version of it. A version that was released keeps its meaning for ever;
//! what a payload may hold besides makes the next version.

use bed::Machine;
use serde_json::Value;
use uuid::Uuid;

use crate::{Fault, Refused, Study, payload, schema};

/// One version of one kind of submission.
#[derive(Debug)]
pub struct Form {
    /// The word it is asked for by.
    pub kind: &'static str,
    /// From 1.
    pub version: i32,
    /// What it does, in one sentence.
    pub about: &'static str,
    read: fn(&Value, &Machine) -> Result<Request, Vec<Fault>>,
    schema: fn() -> Value,
}

/// What a submission asks for, checked as far as it can be without looking anything up.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Beds, each stored and studied.
    Studies(Vec<Study>),
    /// Flows through a bed that is stored.
    Sweep {
        /// The bed.
        bed_id: Uuid,
        /// Superficial velocities, in place of those of the bed.
        velocities_m_s: Vec<f64>,
    },
    /// A report of simulations that are completed.
    Report {
        /// Which, in this order, each once.
        simulation_ids: Vec<Uuid>,
    },
}

/// Every form.
pub const FORMS: &[Form] = &[
    Form {
        kind: "packed-bed-study",
        version: 1,
        about: "Packs a bed and computes the flow through it, at each velocity.",
        read: payload::study,
        schema: schema::study,
    },
    Form {
        kind: "velocity-sweep",
        version: 1,
        about: "Computes the flow through a stored bed at a list of velocities.",
        read: payload::sweep,
        schema: schema::sweep,
    },
    Form {
        kind: "bed-batch",
        version: 1,
        about: "Studies many beds: each is stored, packed and computed on its own.",
        read: payload::batch,
        schema: schema::batch,
    },
    Form {
        kind: "report",
        version: 1,
        about: "Makes one report of simulations that are completed.",
        read: payload::report,
        schema: schema::report,
    },
];

/// The form of this kind and version.
pub fn find(kind: &str, version: i32) -> Result<&'static Form, Refused> {
    let mut versions = FORMS.iter().filter(|form| form.kind == kind).peekable();
    let Some(first) = versions.peek() else {
        return Err(Refused::UnknownKind {
            kind: kind.to_owned(),
            known: kinds(),
        });
    };
    let kind = first.kind;
    let mut known = Vec::new();
    for form in versions {
        if form.version == version {
            return Ok(form);
        }
        known.push(form.version);
    }
    Err(Refused::UnknownVersion {
        kind,
        version,
        known,
    })
}

fn kinds() -> Vec<&'static str> {
    let mut kinds: Vec<_> = FORMS.iter().map(|form| form.kind).collect();
    kinds.dedup();
    kinds
}

impl Form {
    /// Reads a payload, for work that would run on `machine`.
    pub fn read(&self, payload: &Value, machine: &Machine) -> Result<Request, Refused> {
        (self.read)(payload, machine).map_err(Refused::Payload)
    }

    /// The JSON Schema (2020-12) of the payload.
    pub fn schema(&self) -> Value {
        let mut schema = (self.schema)();
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        schema["title"] = format!("{} v{}", self.kind, self.version).into();
        schema["description"] = self.about.into();
        schema
    }
}
