//! Beds as JSON: checked against the declarations, every problem with its JSON pointer.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::bed::Bed;
use crate::error::Problem;

/// Reads a bed from JSON text.
pub fn from_json(text: &str) -> Result<Bed, Vec<Problem>> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| vec![Problem::new("", format!("this is not JSON: {error}"))])?;
    from_value(&value)
}

/// Reads a bed from a JSON value.
pub fn from_value(value: &Value) -> Result<Bed, Vec<Problem>> {
    build(value).map_err(|problem| vec![problem])
}

/// A bed as JSON, with every default filled in.
pub fn to_json(bed: &Bed) -> Value {
    serde_json::to_value(bed).unwrap_or(Value::Null)
}

fn build(value: &Value) -> Result<Bed, Problem> {
    Ok(Bed {
        name: value["name"].as_str().unwrap_or_default().to_owned(),
        geometry: block(value, "geometry")?,
        particles: block(value, "particles")?,
        packing: block(value, "packing")?,
        flow: block(value, "flow")?,
        export: block(value, "export")?,
    })
}

fn block<T: DeserializeOwned>(bed: &Value, name: &str) -> Result<T, Problem> {
    let value = bed.get(name).cloned().unwrap_or_else(|| json!({}));
    serde_json::from_value(value)
        .map_err(|error| Problem::new(format!("/{name}"), error.to_string()))
}
