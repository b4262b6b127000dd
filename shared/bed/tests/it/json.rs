//! Beds as JSON: unknown, missing and wrong fields are found together, each with its pointer.

use bed::{Bed, Problem, from_json, from_stored, from_value, to_json, validate};
use serde_json::{Value, json};

fn minimal() -> Value {
    json!({
        "name": "demo",
        "geometry": { "diameter_m": 0.05, "height_m": 0.1 },
        "particles": { "diameter_m": 0.005, "count": 100 },
    })
}

fn problems(value: &Value) -> Vec<Problem> {
    from_value(value).expect_err("this has to be refused")
}

#[test]
fn what_is_left_out_has_its_default() {
    let bed = from_value(&minimal()).unwrap();
    assert_eq!(bed, Bed::new("demo", 0.05, 0.1, 0.005, 100));
    assert_eq!(bed.packing.seed, 42);
}

#[test]
fn an_optional_field_may_be_null() {
    let mut value = minimal();
    value["particles"]["target_height_m"] = Value::Null;
    value["flow"] = json!({ "cells_per_diameter": null });
    assert!(from_value(&value).is_ok());
}

#[test]
fn every_problem_is_found_and_has_its_pointer() {
    let mut value = minimal();
    value["geometry"]["diametre_m"] = json!(1);
    value["geometry"]["height_m"] = json!("tall");
    value["particles"]["count"] = json!(1.5);
    value["particles"]["diameter"] = json!(0.005);
    value["flow"] = json!({ "velocities_m_s": [0.1, -1.0], "regime": "creeping" });
    value["cfd"] = json!({});
    value["a/b~"] = json!({});
    value["export"] = json!([]);
    let pointers: Vec<_> = problems(&value).into_iter().map(|it| it.pointer).collect();
    for pointer in [
        "/geometry/diametre_m",
        "/geometry/height_m",
        "/particles/count",
        "/particles/diameter",
        "/flow/velocities_m_s/1",
        "/flow/regime",
        "/cfd",
        "/a~1b~0",
        "/export",
    ] {
        assert!(
            pointers.iter().any(|it| it == pointer),
            "{pointer} in {pointers:?}"
        );
    }
    assert_eq!(pointers.len(), 9, "{pointers:?}");
}

#[test]
fn an_unknown_field_is_told_the_closest_one() {
    let mut value = minimal();
    value["particles"]["diametre_m"] = json!(1);
    assert!(
        problems(&value)[0]
            .message
            .contains("did you mean `diameter_m`?")
    );
}

#[test]
fn serde_refuses_what_from_json_refuses() {
    let mut value = minimal();
    value["geometry"]["diameter_m"] = json!(-1);
    let error = serde_json::from_value::<Bed>(value)
        .unwrap_err()
        .to_string();
    assert!(error.contains("/geometry/diameter_m"), "{error}");
}

#[test]
fn a_name_that_could_be_a_path_or_a_command_is_refused() {
    for name in ["", "../x", "a b", "9", "$x", &"a".repeat(65)] {
        let mut value = minimal();
        value["name"] = json!(name);
        assert_eq!(problems(&value)[0].pointer, "/name", "{name}");
    }
}

#[test]
fn text_that_is_not_json_is_one_problem_of_the_whole() {
    let problems = from_json("{").unwrap_err();
    assert_eq!((problems.len(), problems[0].pointer.as_str()), (1, ""));
    assert_eq!(from_json("[]").unwrap_err().len(), 1);
}

#[test]
fn a_bed_built_in_code_is_checked_like_any_other() {
    let mut bed = Bed::new("demo", 0.05, 0.1, 0.005, 100);
    assert_eq!(validate(&bed), Ok(()));
    bed.flow.fluid_density_kg_m3 = f64::NAN;
    bed.packing.rest_velocity_m_s = Some(f64::INFINITY);
    bed.particles.target_height_m = Some(0.05);
    assert_eq!(validate(&bed).unwrap_err().len(), 3);
}

#[test]
fn a_stored_bed_needs_the_shape_of_one() {
    let mut value = to_json(&Bed::new("demo", 0.05, 0.1, 0.005, 100));
    assert!(from_stored(&value.to_string()).is_ok());
    value["geometry"]["diametre_m"] = json!(1);
    assert!(from_stored(&value.to_string()).is_err());
    assert!(from_stored("{}").is_err());
}

#[test]
fn every_default_is_in_the_json_of_a_bed() {
    let value = to_json(&Bed::new("demo", 0.05, 0.1, 0.005, 100));
    assert_eq!(value["geometry"]["wall_thickness_m"], json!(0.002));
    assert_eq!(value["particles"].get("target_height_m"), None);
}
