//! Which results can be used again: what each stage's content hash depends on.

use bed::{BLOCKS, Bed, Kind, MeshSettings, Parameter, Quality, content_hash, from_value, to_json};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn bed() -> Bed {
    Bed::new("demo", 0.025, 0.1, 0.005, 100)
}

fn hashes(bed: &Bed) -> [String; 3] {
    [
        content_hash("packing", &bed.packing_inputs(), &[]),
        content_hash("mesh", &bed.mesh_inputs(), &[]),
        content_hash("flow", &bed.flow_inputs(0.1), &[]),
    ]
}

/// The bed with another value of one parameter.
fn changed(block: &str, parameter: &Parameter) -> Bed {
    let mut value = to_json(&bed());
    let old = value[block]
        .get(parameter.field)
        .cloned()
        .unwrap_or(Value::Null);
    let range = parameter.range.as_ref();
    let new = match parameter.kind {
        Kind::Flag => json!(old != json!(true)),
        Kind::Word(words) => json!(words.last()),
        Kind::Integer => json!(old.as_u64().unwrap_or(1) + 1),
        Kind::Number => {
            json!((old.as_f64().unwrap_or(0.1) * 1.01 + 1e-6).max(*range.unwrap().start()))
        }
    };
    value[block][parameter.field] = if parameter.list { json!([new]) } else { new };
    from_value(&value).unwrap()
}

#[test]
fn each_parameter_changes_the_hash_of_the_stages_that_use_it_and_no_other() {
    // No stage depends on these: one velocity is stated apart, a preset shows in what it fills in,
    // and of the words with a single value there is no other.
    let special = [
        "velocities_m_s",
        "quality",
        "shape",
        "method",
        "target_height_m",
    ];
    let before = hashes(&bed());
    for block in BLOCKS {
        for parameter in block
            .parameters
            .iter()
            .filter(|it| !special.contains(&it.field))
        {
            let after = hashes(&changed(block.name, parameter));
            let differs: Vec<_> = (0..3).map(|stage| before[stage] != after[stage]).collect();
            let mesh = [
                "cells_per_diameter",
                "surface_level",
                "porosity_tolerance",
                "contact_treatment",
                "contact_size",
                "inlet_length",
                "outlet_length",
            ];
            let expected = match (block.name, parameter.field) {
                ("export", _) | (_, "wall_thickness_m") => [true, false, false],
                ("flow", field) if mesh.contains(&field) => [false, true, true],
                ("flow", _) => [false, false, true],
                _ => [true, true, true],
            };
            assert_eq!(differs, expected, "{}.{}", block.name, parameter.field);
        }
    }
}

#[test]
fn the_name_of_a_bed_does_not_matter() {
    assert_eq!(
        hashes(&bed()),
        hashes(&Bed {
            name: "other".to_owned(),
            ..bed()
        })
    );
}

#[test]
fn the_order_of_keys_and_versions_does_not_matter() {
    let one: Value = serde_json::from_str(r#"{"a": [1, {"x": 1, "y": 2}], "b": 2.5}"#).unwrap();
    let two: Value = serde_json::from_str(r#"{"b": 2.5, "a": [1, {"y": 2, "x": 1}]}"#).unwrap();
    let hash = |value, versions| content_hash("packing", value, versions);
    assert_eq!(
        hash(&one, &[("p", "1"), ("q", "2")]),
        hash(&two, &[("q", "2"), ("p", "1")])
    );
}

#[test]
fn stage_versions_and_the_order_in_lists_matter() {
    let value = json!([1, 2]);
    let reference = content_hash("packing", &value, &[("blender", "3.4.1")]);
    assert_ne!(
        reference,
        content_hash("mesh", &value, &[("blender", "3.4.1")])
    );
    assert_ne!(
        reference,
        content_hash("packing", &value, &[("blender", "4.0.0")])
    );
    assert_ne!(
        reference,
        content_hash("packing", &json!([2, 1]), &[("blender", "3.4.1")])
    );
}

#[test]
fn a_hash_stays_what_it_was_or_every_stored_result_is_lost() {
    let hash = content_hash(
        "packing",
        &json!({ "d": 0.005, "n": 100, "s": "é\"" }),
        &[("blender", "3.4.1")],
    );
    let text = r#"{"inputs":{"d":0.005,"n":100,"s":"é\""},"stage":"packing","versions":{"blender":"3.4.1"}}"#;
    assert_eq!(hash, hex::encode(Sha256::digest(text)));
}

#[test]
fn a_preset_and_the_same_numbers_written_out_are_the_same_mesh() {
    let mut preset = bed();
    preset.flow.quality = Quality::Draft;
    let mesh = MeshSettings::resolve(&preset.flow);
    let mut written = bed();
    written.flow.quality = Quality::Fine;
    written.flow.cells_per_diameter = Some(mesh.cells_per_diameter);
    written.flow.surface_level = Some(mesh.surface_level);
    written.flow.porosity_tolerance = Some(mesh.porosity_tolerance);
    written.flow.contact_size = Some(mesh.contact_size);
    assert_eq!(hashes(&preset), hashes(&written));
    assert_ne!(hashes(&preset), hashes(&bed()));
}

#[test]
fn a_target_height_and_the_count_that_follows_from_it_are_the_same_packing() {
    let mut by_height = bed();
    by_height.particles.count = None;
    by_height.particles.target_height_m = Some(0.05);
    let mut by_count = bed();
    by_count.particles.count = Some(by_height.particle_count());
    assert_eq!(hashes(&by_height), hashes(&by_count));
}

#[test]
fn each_velocity_is_a_flow_of_its_own() {
    assert_ne!(bed().flow_inputs(0.1), bed().flow_inputs(0.2));
}
