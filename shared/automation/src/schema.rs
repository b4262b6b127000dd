//! The JSON Schema of each payload, derived from its shape; what is a bed comes from the crate `bed`.

use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::payload::{BatchPayload, ReportPayload, StudyPayload, SweepPayload};

/// Where the derived schemas look for the shapes they share, and where a schema that stands alone has them.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

pub(crate) fn study() -> Value {
    let mut schema = of::<StudyPayload>();
    schema["oneOf"] = one_form();
    schema
}

pub(crate) fn sweep() -> Value {
    let mut schema = of::<SweepPayload>();
    let flow = &bed::json_schema()["properties"]["flow"]["properties"];
    schema["properties"]["velocities_m_s"] = flow["velocities_m_s"].clone();
    schema
}

pub(crate) fn batch() -> Value {
    let mut schema = of::<BatchPayload>();
    schema["$defs"]["StudyPayload"]["oneOf"] = one_form();
    schema
}

pub(crate) fn report() -> Value {
    let mut schema = of::<ReportPayload>();
    schema["properties"]["simulation_ids"]["uniqueItems"] = true.into();
    schema
}

fn one_form() -> Value {
    json!([{ "required": ["spec"] }, { "required": ["source"] }])
}

fn of<T: ToSchema + PartialSchema>() -> Value {
    let mut shared: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut shared);
    let mut definitions: Map<String, Value> = shared
        .into_iter()
        .map(|(name, schema)| (name, moved(&schema)))
        .collect();
    for (name, schema) in [
        ("Specification", bed_schema()),
        ("Conditions", conditions_schema()),
    ] {
        if let Some(derived) = definitions.get_mut(name) {
            *derived = schema;
        }
    }
    let mut schema = moved(&T::schema());
    if !definitions.is_empty() {
        schema["$defs"] = definitions.into();
    }
    schema
}

/// The schema as JSON, its references pointing into itself.
fn moved(schema: &RefOr<Schema>) -> Value {
    let mut value = serde_json::to_value(schema).unwrap_or_default();
    point_inside(&mut value);
    value
}

fn point_inside(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get_mut("$ref") {
                *target = target.replace(COMPONENTS, DEFINITIONS);
            }
            fields.values_mut().for_each(point_inside);
        }
        Value::Array(items) => items.iter_mut().for_each(point_inside),
        _ => {}
    }
}

fn bed_schema() -> Value {
    let mut schema = bed::json_schema();
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("$schema");
    }
    schema
}

/// A flow block of which anything may be left out.
fn conditions_schema() -> Value {
    let mut schema = bed::json_schema()["properties"]["flow"].take();
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("required");
    }
    schema
}
