//! The JSON Schema of a bed, made from the declarations.

use serde_json::{Map, Value, json};

use crate::bed::BLOCKS;
use crate::parameter::{Block, Kind, Need, Parameter};
use crate::validate::{MAX_LIST, MAX_NAME};

/// The JSON Schema (2020-12) of a bed.
pub fn json_schema() -> Value {
    let mut properties = Map::new();
    let name = json!({
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9_-]*$",
        "maxLength": MAX_NAME,
        "description": "What people call the bed; no result depends on it.",
    });
    properties.insert("name".to_owned(), name);
    properties.extend(
        BLOCKS
            .iter()
            .map(|block| (block.name.to_owned(), block_schema(block))),
    );
    let blocks = BLOCKS
        .iter()
        .filter(|block| !block.is_optional())
        .map(|block| block.name);
    let required: Vec<_> = ["name"].into_iter().chain(blocks).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Packed bed",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn block_schema(block: &Block) -> Value {
    let declared = (block.declared)();
    let properties: Map<_, _> = block
        .parameters
        .iter()
        .map(|it| {
            (
                it.field.to_owned(),
                parameter_schema(it, declared.get(it.field)),
            )
        })
        .collect();
    let required: Vec<_> = block
        .parameters
        .iter()
        .filter(|it| it.need == Need::Required)
        .map(|it| it.field)
        .collect();
    let mut schema = json!({
        "type": "object",
        "description": block.doc,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if block.name == "particles" {
        schema["oneOf"] = json!([{ "required": ["count"] }, { "required": ["target_height_m"] }]);
    }
    schema
}

fn parameter_schema(parameter: &Parameter, declared: Option<&Value>) -> Value {
    let mut schema = value_schema(parameter);
    if parameter.list {
        schema = json!({
            "type": "array",
            "items": schema,
            "minItems": 1,
            "maxItems": MAX_LIST,
            "uniqueItems": true,
        });
    }
    schema["description"] = json!(parameter.doc);
    if let Some(declared) = declared {
        match parameter.need {
            Need::Required => schema["examples"] = json!([declared]),
            Need::Default | Need::Optional => schema["default"] = declared.clone(),
        }
    }
    schema
}

fn value_schema(parameter: &Parameter) -> Value {
    let mut schema = match parameter.kind {
        Kind::Number => json!({ "type": "number" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
    };
    if let Some(range) = &parameter.range {
        schema["minimum"] = bound(parameter, *range.start());
        schema["maximum"] = bound(parameter, *range.end());
    }
    schema
}

/// A bound as an integer where the values are integers.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounds of whole numbers are whole, positive and small"
)]
fn bound(parameter: &Parameter, bound: f64) -> Value {
    if parameter.kind == Kind::Integer {
        json!(bound as u64)
    } else {
        json!(bound)
    }
}
