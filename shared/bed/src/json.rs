//! Beds as JSON: checked against the declarations, every problem with its JSON pointer.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::bed::{BLOCKS, Bed};
use crate::blocks::{Export, Flow, Geometry, Packing, Particles};
use crate::error::Problem;
use crate::parameter::{Block, Need};
use crate::suggest::closest;
use crate::validate;

/// Reads a bed from JSON text.
pub fn from_json(text: &str) -> Result<Bed, Vec<Problem>> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| vec![Problem::new("", format!("this is not JSON: {error}"))])?;
    from_value(&value)
}

/// Reads a bed from a JSON value. Parameters that are left out, or optional and null, get their defaults.
pub fn from_value(value: &Value) -> Result<Bed, Vec<Problem>> {
    let Some(object) = value.as_object() else {
        return Err(vec![Problem::new("", "a bed is a JSON object")]);
    };
    let mut problems = unknown_fields(object);
    let bed = without_nulls(object);
    problems.extend(validate::problems(&bed));
    if !problems.is_empty() {
        return Err(problems);
    }
    build(&bed).map_err(|problem| vec![problem])
}

/// A bed as JSON, with every default filled in.
pub fn to_json(bed: &Bed) -> Value {
    serde_json::to_value(bed).unwrap_or(Value::Null)
}

/// Reads a bed that was checked before it was stored, many times as fast as [`from_json`]: no rule is asked again. What
/// has not the shape of a bed is an error still.
pub fn from_stored(text: &str) -> Result<Bed, serde_json::Error> {
    serde_json::from_str(text).map(Shape::into_bed)
}

/// Turns checked JSON into a bed; what the checks let through can no longer fail.
pub(crate) fn build(bed: &Value) -> Result<Bed, Problem> {
    Shape::deserialize(bed)
        .map(Shape::into_bed)
        .map_err(|error| Problem::new("", error.to_string()))
}

/// The shape of a bed without its rules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    name: String,
    #[serde(default)]
    geometry: Geometry,
    #[serde(default)]
    particles: Particles,
    #[serde(default)]
    packing: Packing,
    #[serde(default)]
    flow: Flow,
    #[serde(default)]
    export: Export,
}

impl Shape {
    fn into_bed(self) -> Bed {
        Bed {
            name: self.name,
            geometry: self.geometry,
            particles: self.particles,
            packing: self.packing,
            flow: self.flow,
            export: self.export,
        }
    }
}

fn unknown_fields(bed: &Map<String, Value>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in bed.iter().filter(|(name, _)| *name != "name") {
        let block = BLOCKS.iter().find(|block| block.name == name);
        match (block, value.as_object()) {
            (None, _) => {
                let names = BLOCKS.iter().map(|block| block.name).chain(["name"]);
                problems.push(unknown(
                    &format!("/{}", escaped(name)),
                    closest(name, names),
                ));
            }
            (Some(_), None) => {
                problems.push(Problem::new(format!("/{name}"), "must be a JSON object"));
            }
            (Some(block), Some(fields)) => problems.extend(unknown_in(block, fields)),
        }
    }
    problems
}

fn unknown_in(block: &Block, fields: &Map<String, Value>) -> Vec<Problem> {
    let strangers = fields
        .keys()
        .filter(|field| block.by_field(field).is_none());
    let problem = |field: &String| {
        let same_name = block.by_name(field).map(|parameter| parameter.field);
        let meant =
            same_name.or_else(|| closest(field, block.parameters.iter().map(|it| it.field)));
        unknown(&format!("/{}/{}", block.name, escaped(field)), meant)
    };
    strangers.map(problem).collect()
}

fn unknown(pointer: &str, meant: Option<&str>) -> Problem {
    let hint = meant
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default();
    Problem::new(pointer, format!("is not known{hint}"))
}

/// A key inside a JSON pointer (RFC 6901).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The bed without parameters that are optional and null.
fn without_nulls(bed: &Map<String, Value>) -> Value {
    let mut bed = bed.clone();
    for block in BLOCKS {
        if let Some(Value::Object(fields)) = bed.get_mut(block.name) {
            let optional = |field: &str| {
                block
                    .by_field(field)
                    .is_some_and(|it| it.need == Need::Optional)
            };
            fields.retain(|field, value| !(value.is_null() && optional(field)));
        }
    }
    Value::Object(bed)
}
