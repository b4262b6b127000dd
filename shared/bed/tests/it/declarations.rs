//! The declarations agree with themselves and with what is made from them.

use bed::{BLOCKS, Dimension, Kind, Need, json_schema, parameter_tables};
use serde_json::json;

#[test]
fn every_number_has_a_dimension_and_a_range_and_its_declared_value_lies_in_it() {
    for block in BLOCKS {
        let declared = (block.declared)();
        for it in block.parameters {
            let number = matches!(it.kind, Kind::Number | Kind::Integer);
            assert_eq!(number, it.dimension != Dimension::None, "{}", it.field);
            assert_eq!(number, it.range.is_some(), "{}", it.field);
            assert_eq!(
                it.kind == Kind::Integer,
                it.dimension == Dimension::Count,
                "{}",
                it.field
            );
            assert_eq!(
                it.need == Need::Optional,
                !declared.contains_key(it.field),
                "{}",
                it.field
            );
            let value = declared.get(it.field).and_then(serde_json::Value::as_f64);
            let inside = value.is_none_or(|value| it.range.as_ref().unwrap().contains(&value));
            assert!(inside, "{}", it.field);
        }
    }
}

#[test]
fn the_field_of_a_number_ends_with_its_unit() {
    for it in BLOCKS.iter().flat_map(|block| block.parameters) {
        let suffix = match it.dimension {
            Dimension::Length => "_m",
            Dimension::Time => "_s",
            Dimension::Velocity => "_m_s",
            Dimension::Acceleration => "_m_s2",
            Dimension::Density => "_kg_m3",
            Dimension::Viscosity => "_pa_s",
            _ => continue,
        };
        assert!(it.field.ends_with(suffix), "{}", it.field);
    }
}

#[test]
fn names_are_unique_and_every_parameter_has_a_sentence() {
    for block in BLOCKS {
        for (index, it) in block.parameters.iter().enumerate() {
            assert!(
                it.doc.ends_with('.') && !it.doc.starts_with(' '),
                "{}",
                it.doc
            );
            let twice = |other: &&bed::Parameter| other.name == it.name || other.field == it.field;
            assert!(
                !block.parameters[..index].iter().any(|other| twice(&other)),
                "{}",
                it.name
            );
        }
    }
}

#[test]
fn the_schema_describes_every_parameter() {
    let schema = json_schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(schema["required"], json!(["name", "geometry", "particles"]));
    for block in BLOCKS {
        let described = schema["properties"][block.name]["properties"]
            .as_object()
            .unwrap();
        assert_eq!(described.len(), block.parameters.len());
    }
    let velocity = &schema["properties"]["flow"]["properties"]["velocities_m_s"];
    assert_eq!(velocity["items"]["maximum"], json!(100.0));
    assert_eq!(velocity["default"], json!([0.1]));
    let count = &schema["properties"]["particles"]["properties"]["count"];
    assert_eq!(
        (&count["type"], &count["minimum"]),
        (&json!("integer"), &json!(1))
    );
    assert_eq!(
        schema["properties"]["flow"]["properties"]["quality"]["enum"],
        json!(["draft", "standard", "fine"])
    );
}

#[test]
fn the_page_about_the_language_is_up_to_date() {
    let page = include_str!("../../../../docs/bed-language.md");
    let tables = parameter_tables();
    assert!(
        page.contains(&tables),
        "run `cargo run -p bed --example document`"
    );
}
