//! A bed and the conditions under which it is studied, out of a payload.

use bed::{Bed, Machine};
use serde_json::{Map, Value};

use crate::Fault;

/// A study that can be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// The bed, to be stored.
    pub bed: Bed,
    /// The same under the conditions that were asked for.
    pub studied: Bed,
    /// What the bed is about.
    pub description: String,
}

impl Study {
    pub(crate) fn of_spec(
        spec: &Value,
        conditions: &Map<String, Value>,
        description: String,
        machine: &Machine,
    ) -> Result<Self, Vec<Fault>> {
        let bed = bed::from_value(spec).map_err(|problems| {
            let faults = problems.into_iter();
            faults
                .map(|it| Fault::new(it.pointer, it.message).inside("/spec"))
                .collect::<Vec<_>>()
        })?;
        let at = |pointer: &str| format!("/spec{pointer}");
        Self::new(bed, conditions, description, machine, at)
    }

    pub(crate) fn of_source(
        source: &str,
        conditions: &Map<String, Value>,
        description: String,
        machine: &Machine,
    ) -> Result<Self, Vec<Fault>> {
        let bed = bed::parse(source, "source").map_err(|found| unreadable(&found))?;
        let at = |_: &str| "/source".to_owned();
        Self::new(bed, conditions, description, machine, at)
    }

    fn new(
        bed: Bed,
        conditions: &Map<String, Value>,
        description: String,
        machine: &Machine,
        at: impl Fn(&str) -> String,
    ) -> Result<Self, Vec<Fault>> {
        let studied = under(&bed, conditions)?;
        bed::plan(&studied, machine).map_err(|problems| {
            let faults = problems.into_iter();
            faults
                .map(|it| {
                    let pointer = in_conditions(&it.pointer, conditions);
                    Fault::new(pointer.unwrap_or_else(|| at(&it.pointer)), it.message)
                })
                .collect::<Vec<_>>()
        })?;
        Ok(Self {
            bed,
            studied,
            description,
        })
    }
}

/// A stored bed under other velocities, if that can be computed; what is wrong is seen from the payload of the sweep.
pub fn sweep(bed: &Bed, velocities_m_s: &[f64], machine: &Machine) -> Result<Bed, Vec<Fault>> {
    let velocities = ("velocities_m_s".to_owned(), velocities_m_s.into());
    let conditions = Map::from_iter([velocities]);
    let at = |_: &str| "/bed_id".to_owned();
    Study::new(bed.clone(), &conditions, String::new(), machine, at)
        .map(|study| study.studied)
        .map_err(|mut faults| {
            for fault in &mut faults {
                if let Some(inside) = fault.pointer.strip_prefix("/conditions") {
                    fault.pointer = inside.to_owned();
                }
            }
            faults
        })
}

/// The bed with these conditions in its flow block. The bed is valid, so what is wrong is wrong with the conditions.
fn under(bed: &Bed, conditions: &Map<String, Value>) -> Result<Bed, Vec<Fault>> {
    let mut json = bed::to_json(bed);
    if let Some(flow) = json["flow"].as_object_mut() {
        flow.extend(conditions.clone());
    }
    bed::from_value(&json).map_err(|problems| {
        let faults = problems.into_iter();
        faults
            .map(|it| {
                let inside = it.pointer.strip_prefix("/flow").unwrap_or_default();
                Fault::new(inside, it.message).inside("/conditions")
            })
            .collect()
    })
}

/// Where in the conditions the value is that a problem of the bed is about, if it came from there.
fn in_conditions(pointer: &str, conditions: &Map<String, Value>) -> Option<String> {
    let inside = pointer.strip_prefix("/flow/")?;
    let field = inside.split('/').next()?;
    conditions
        .contains_key(field)
        .then(|| format!("/conditions/{inside}"))
}

fn unreadable(found: &bed::Diagnostics) -> Vec<Fault> {
    let faults = found.reports().into_iter();
    faults
        .map(|it| Fault {
            line: Some(it.line),
            column: Some(it.column),
            hint: it.hint,
            ..Fault::new("/source", it.message)
        })
        .collect()
}
