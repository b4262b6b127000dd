//! The payloads: the shape of each, from which its schema is derived as well, and what must hold besides.

use bed::Machine;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Fault, Request, Study};

/// Beds of one batch.
pub(crate) const MAX_BEDS: usize = 32;
/// Simulations of one report.
pub(crate) const MAX_SIMULATIONS: usize = 100;
/// Characters of a description.
const MAX_DESCRIPTION: usize = 2000;

/// A bed, in one of two forms, and the conditions under which it is studied.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StudyPayload {
    /// The bed as JSON.
    #[schema(nullable = false)]
    pub spec: Option<Specification>,
    /// The bed in the `.bed` language.
    #[schema(nullable = false)]
    pub source: Option<String>,
    /// What the bed is about.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub description: String,
    /// Conditions of flow in place of those of the bed; what is left out stays as the bed says.
    #[schema(nullable = false)]
    pub conditions: Option<Conditions>,
}

/// A velocity sweep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SweepPayload {
    /// The stored bed.
    pub bed_id: Uuid,
    /// Superficial velocities.
    #[schema(min_items = 1, max_items = 32)]
    pub velocities_m_s: Vec<f64>,
}

/// A batch of beds.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchPayload {
    /// The beds, each with a name of its own.
    #[schema(min_items = 1, max_items = 32)]
    pub beds: Vec<StudyPayload>,
}

/// A report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportPayload {
    /// Completed simulations of one project, in the order in which the report shows them.
    #[schema(min_items = 1, max_items = 100)]
    pub simulation_ids: Vec<Uuid>,
}

/// A bed as JSON; its schema is the one that the crate `bed` derives.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub(crate) struct Specification(pub Value);

/// Part of a bed's flow block; its schema comes from the same place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub(crate) struct Conditions(pub Map<String, Value>);

pub(crate) fn study(payload: &Value, machine: &Machine) -> Result<Request, Vec<Fault>> {
    let study = shaped::<StudyPayload>(payload)?.study(machine)?;
    Ok(Request::Studies(vec![study]))
}

pub(crate) fn batch(payload: &Value, machine: &Machine) -> Result<Request, Vec<Fault>> {
    let BatchPayload { beds } = shaped(payload)?;
    counted("/beds", beds.len(), MAX_BEDS)?;
    let (mut studies, mut faults) = (Vec::<Study>::new(), Vec::new());
    for (index, bed) in beds.into_iter().enumerate() {
        let prefix = format!("/beds/{index}");
        match bed.study(machine) {
            Ok(study) if studies.iter().any(|it| it.bed.name == study.bed.name) => {
                let message = format!("an earlier bed is named `{}` too", study.bed.name);
                faults.push(Fault::new(prefix, message));
            }
            Ok(study) => studies.push(study),
            Err(found) => faults.extend(found.into_iter().map(|fault| fault.inside(&prefix))),
        }
    }
    if faults.is_empty() {
        Ok(Request::Studies(studies))
    } else {
        Err(faults)
    }
}

pub(crate) fn sweep(payload: &Value, _: &Machine) -> Result<Request, Vec<Fault>> {
    let SweepPayload {
        bed_id,
        velocities_m_s,
    } = shaped(payload)?;
    Ok(Request::Sweep {
        bed_id,
        velocities_m_s,
    })
}

pub(crate) fn report(payload: &Value, _: &Machine) -> Result<Request, Vec<Fault>> {
    let ReportPayload { simulation_ids } = shaped(payload)?;
    counted("/simulation_ids", simulation_ids.len(), MAX_SIMULATIONS)?;
    let again = |index: usize| simulation_ids[..index].contains(&simulation_ids[index]);
    let faults: Vec<_> = (0..simulation_ids.len())
        .filter(|index| again(*index))
        .map(|index| Fault::new(format!("/simulation_ids/{index}"), "is listed before"))
        .collect();
    if faults.is_empty() {
        Ok(Request::Report { simulation_ids })
    } else {
        Err(faults)
    }
}

impl StudyPayload {
    fn study(self, machine: &Machine) -> Result<Study, Vec<Fault>> {
        if self.description.chars().count() > MAX_DESCRIPTION {
            let message = format!("must have at most {MAX_DESCRIPTION} characters");
            return Err(vec![Fault::new("/description", message)]);
        }
        let conditions = self.conditions.map(|it| it.0).unwrap_or_default();
        match (self.spec, self.source) {
            (Some(spec), None) => Study::of_spec(&spec.0, &conditions, self.description, machine),
            (None, Some(source)) => {
                Study::of_source(&source, &conditions, self.description, machine)
            }
            _ => {
                let message = "needs either `spec` (JSON) or `source` (.bed text)";
                Err(vec![Fault::new("", message)])
            }
        }
    }
}

fn counted(pointer: &str, count: usize, most: usize) -> Result<(), Vec<Fault>> {
    if (1..=most).contains(&count) {
        return Ok(());
    }
    let message = format!("must have 1 to {most} entries, not {count}");
    Err(vec![Fault::new(pointer, message)])
}

/// Reads the shape; the first thing that does not fit ends it.
fn shaped<T: DeserializeOwned>(payload: &Value) -> Result<T, Vec<Fault>> {
    serde_path_to_error::deserialize(payload).map_err(|error| {
        let pointer = pointer(error.path());
        vec![Fault::new(pointer, error.into_inner().to_string())]
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// A key inside a JSON pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
