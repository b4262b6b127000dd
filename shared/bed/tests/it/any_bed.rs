//! Arbitrary valid beds, made from the declarations: a new parameter is covered without a line here.

use bed::{BLOCKS, Bed, Kind, Need, Parameter};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any bed that is valid.
pub fn any_bed() -> impl Strategy<Value = Bed> {
    let blocks: Vec<_> = BLOCKS
        .iter()
        .map(|block| any_block(block.parameters))
        .collect();
    (
        "[A-Za-z][A-Za-z0-9_-]{0,20}",
        blocks,
        any::<bool>(),
        0.0..=0.05,
    )
        .prop_map(|(name, blocks, by_count, margin)| {
            let mut bed = json!({ "name": name });
            for (block, fields) in BLOCKS.iter().zip(blocks) {
                bed[block.name] = Value::Object(fields);
            }
            settle_contradictions(&mut bed, by_count, margin);
            bed::from_value(&bed).unwrap()
        })
}

fn any_block(parameters: &'static [Parameter]) -> impl Strategy<Value = Map<String, Value>> {
    let fields: Vec<_> = parameters.iter().map(any_field).collect();
    fields.prop_map(|fields| fields.into_iter().flatten().collect())
}

fn any_field(parameter: &'static Parameter) -> BoxedStrategy<Option<(String, Value)>> {
    let value = if parameter.list {
        proptest::collection::vec(any_value(parameter), 1..5)
            .prop_map(|mut items| {
                let mut seen: Vec<Value> = Vec::new();
                items.retain(|item| {
                    !seen.contains(item) && {
                        seen.push(item.clone());
                        true
                    }
                });
                Value::Array(items)
            })
            .boxed()
    } else {
        any_value(parameter)
    };
    let present = value.prop_map(|value| Some((parameter.field.to_owned(), value)));
    if parameter.need == Need::Required {
        present.boxed()
    } else {
        prop_oneof![present, Just(None)].boxed()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounds of whole numbers are whole and positive"
)]
fn any_value(parameter: &'static Parameter) -> BoxedStrategy<Value> {
    let range = || parameter.range.clone().unwrap();
    match parameter.kind {
        Kind::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Word(words) => proptest::sample::select(words)
            .prop_map(Value::from)
            .boxed(),
        Kind::Integer => {
            let (low, high) = (*range().start() as u64, *range().end() as u64);
            (low..=high).prop_map(Value::from).boxed()
        }
        Kind::Number => {
            // Numbers with many digits, and numbers as people write them.
            let short = range().prop_map(|it| format!("{it:.2e}").parse().unwrap());
            prop_oneof![range(), short]
                .prop_map(move |it: f64| it.clamp(*range().start(), *range().end()))
                .prop_map(Value::from)
                .boxed()
        }
    }
}

/// The three rules between parameters.
fn settle_contradictions(bed: &mut Value, by_count: bool, margin: f64) {
    let particles = bed["particles"].as_object_mut().unwrap();
    particles.remove(if by_count { "target_height_m" } else { "count" });
    if by_count {
        particles.entry("count").or_insert(json!(100));
    } else {
        particles.entry("target_height_m").or_insert(json!(0.05));
    }
    let diameter_m = bed["particles"]["diameter_m"].as_f64().unwrap();
    if bed["packing"].get("collision_margin_m").is_some() {
        bed["packing"]["collision_margin_m"] = json!((margin * diameter_m * 0.999).min(0.01));
    }
    if bed["flow"].get("contact_treatment") == Some(&json!("none")) {
        bed["flow"].as_object_mut().unwrap().remove("contact_size");
    }
}
