use std::collections::BTreeSet;

use automation::FORMS;
use serde_json::{Value, json};

fn references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get("$ref") {
                into.insert(target.clone());
            }
            fields.values().for_each(|field| references(field, into));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}

#[test]
fn every_form_is_registered_once() {
    let names: BTreeSet<_> = FORMS.iter().map(|form| (form.kind, form.version)).collect();
    assert_eq!(names.len(), FORMS.len());
    assert!(FORMS.iter().all(|form| form.version > 0));
}

#[test]
fn every_schema_stands_alone_and_refuses_what_it_does_not_know() {
    for form in FORMS {
        let schema = form.schema();
        assert_eq!(schema["type"], "object", "{schema}");
        assert_eq!(schema["additionalProperties"], false, "{schema}");
        assert_eq!(schema["title"], format!("{} v{}", form.kind, form.version));
        let mut targets = BTreeSet::new();
        references(&schema, &mut targets);
        for target in targets {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(schema.pointer(pointer).is_some(), "{target} in {schema}");
        }
    }
}

#[test]
fn the_schema_of_a_study_holds_that_of_a_bed() {
    let schema = automation::find("packed-bed-study", 1).unwrap().schema();
    let bed = bed::json_schema();
    let definitions = &schema["$defs"];
    assert_eq!(
        definitions["Specification"]["properties"],
        bed["properties"]
    );
    let flow = &bed["properties"]["flow"];
    assert_eq!(definitions["Conditions"]["properties"], flow["properties"]);
    assert!(definitions["Conditions"].get("required").is_none());
    assert_eq!(
        schema["oneOf"],
        json!([{ "required": ["spec"] }, { "required": ["source"] }])
    );
}
