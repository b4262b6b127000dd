//! What the language says when something is wrong: everything at once, each at its place, with a hint.

use bed::{Diagnostics, Report, parse};

pub fn errors(source: &str) -> Diagnostics {
    parse(source, "test.bed").expect_err("this has to be refused")
}

/// The only error of a bed with these properties in its blocks.
pub fn only(geometry: &str, particles: &str, rest: &str) -> Report {
    let source =
        format!("bed t {{ geometry {{ {geometry} }} particles {{ {particles} }} {rest} }}");
    let errors = errors(&source);
    assert_eq!(errors.len(), 1, "{errors}");
    errors.reports().remove(0)
}

pub const TUBE: &str = "diameter = 50 mm; height = 100 mm;";
pub const SPHERES: &str = "diameter = 5 mm; count = 100;";

fn hint(report: &Report) -> &str {
    report.hint.as_deref().unwrap_or_default()
}

#[test]
fn every_error_of_a_file_is_shown_in_one_run_with_place_and_hint() {
    let source = "bed demo {
    geometry {
        diametre = 50 mm
        height   = 5 kg
    }
    particles {
        diameter = 9 m
        count    = many
        count    = 100
    }
    lids { top_type = flat }
}
";
    let text = errors(source).to_string();
    let expected = [
        "`diameter` of `geometry` is missing",
        "unknown property `diametre`",
        "test.bed:3:9",
        "help: did you mean `diameter`?",
        "`5 kg` is a mass",
        "test.bed:4:22",
        "help: `height` is a length: write `5 mm`",
        "`diameter`: 9 m is out of range: 10 um to 0.5 m is allowed",
        "test.bed:7:20",
        "`count` takes a whole number",
        "`count` is given twice",
        "given here first",
        "unknown block `lids`",
        "there are no lids",
    ];
    for part in expected {
        assert!(text.contains(part), "missing: {part}\n{text}");
    }
    assert_eq!(errors(source).len(), 7, "{text}");
}

#[test]
fn the_place_is_underlined_in_the_source() {
    let text = errors("bed t { geometry { diameter = 5 kg; height = 1 m } particles { diameter = 5 mm; count = 9 } }")
        .to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "error: `5 kg` is a mass");
    assert!(lines[1].ends_with("test.bed:1:33"), "{text}");
    assert!(lines[3].contains("diameter = 5 kg;"), "{text}");
    assert!(lines[4].trim_end().ends_with("^^"), "{text}");
}

#[test]
fn a_length_without_a_unit_is_refused() {
    let report = only("diameter = 0.05; height = 1 m", SPHERES, "");
    assert_eq!(report.message, "`0.05` has no unit");
    assert_eq!(
        hint(&report),
        "`diameter` is a length: write `0.05 m`, or one of m, mm, cm, um"
    );
}

#[test]
fn a_bare_number_with_a_unit_is_refused() {
    let report = only(TUBE, &format!("{SPHERES} friction = 0.2 m"), "");
    assert_eq!(report.message, "`0.2 m` is a length");
    assert_eq!(
        hint(&report),
        "`friction` is a number without a unit: write `0.2`"
    );
    let report = only(TUBE, "diameter = 5 mm; count = 100 kg", "");
    assert_eq!(
        report.message,
        "`count` takes a whole number without a unit"
    );
}

#[test]
fn a_misspelt_unit_gets_the_right_one() {
    let report = only("diameter = 50 MM; height = 1 m", SPHERES, "");
    assert_eq!(
        (report.message.as_str(), hint(&report)),
        ("unknown unit `MM`", "did you mean `mm`?")
    );
    let report = only("diameter = 50 inches; height = 1 m", SPHERES, "");
    assert_eq!(hint(&report), "a length has one of the units m, mm, cm, um");
}

#[test]
fn a_kinematic_viscosity_is_not_taken_for_a_dynamic_one() {
    let report = only(TUBE, SPHERES, "flow { fluid_viscosity = 1e-6 m2/s }");
    assert_eq!(report.message, "`1e-6 m2/s` is a kinematic viscosity");
    assert!(hint(&report).contains("multiply it by the density"));
}

#[test]
fn count_and_target_height_exclude_each_other() {
    let report = only(
        TUBE,
        "diameter = 5 mm; count = 100; target_height = 50 mm",
        "",
    );
    assert!(
        report.message.contains("contradicts the count"),
        "{}",
        report.message
    );
    let report = only(TUBE, "diameter = 5 mm", "");
    assert!(
        report.message.contains("how many particles"),
        "{}",
        report.message
    );
}

#[test]
fn a_property_that_is_missing_is_named_with_its_meaning() {
    let report = only("diameter = 50 mm", SPHERES, "");
    assert_eq!(report.message, "`height` of `geometry` is missing");
    assert!(
        hint(&report).contains("add `height = … mm`"),
        "{}",
        hint(&report)
    );
}

#[test]
fn a_block_that_is_missing_is_named_by_what_it_lacks() {
    let errors = errors("bed t { particles { diameter = 5 mm; count = 3 } }");
    assert_eq!(errors.len(), 2, "{errors}");
}

#[test]
fn a_second_block_of_a_name_is_refused() {
    let report = only(
        TUBE,
        SPHERES,
        "packing { seed = 1 } packing { substeps = 9 }",
    );
    assert_eq!(report.message, "a second block `packing`");
}

#[test]
fn a_value_of_the_wrong_sort_is_refused() {
    let cases = [
        (
            "flow { write_fields = 1 }",
            "`write_fields` takes `true` or `false`",
        ),
        (
            "flow { regime = 3 }",
            "`regime` takes one of these words: laminar, turbulent_rans",
        ),
        ("flow { quality = finest }", "`quality` cannot be `finest`"),
        (
            "flow { velocity = fast }",
            "`velocity` takes a velocity, for example `5 m/s`",
        ),
        (
            "packing { gravity = [1, 2] m/s2 }",
            "`gravity` takes one value, not a list",
        ),
        (
            "packing { seed = 1.5 }",
            "`seed` takes a whole number without a unit",
        ),
        (
            "flow { velocity = [1 m/s, 1 m/s] }",
            "`velocity`: is given twice",
        ),
        (
            "flow { velocity = [] }",
            "`velocity`: must have 1 to 32 values, not 0",
        ),
        (
            "flow { velocity = 1e400 m/s }",
            "`1e400` is too large a number",
        ),
    ];
    for (rest, message) in cases {
        assert_eq!(only(TUBE, SPHERES, rest).message, message);
    }
}

#[test]
fn a_negative_gravity_is_explained() {
    let report = only(TUBE, SPHERES, "packing { gravity = -9.81 m/s2 }");
    assert!(
        report.message.contains("it is a magnitude"),
        "{}",
        report.message
    );
}

#[test]
fn a_collision_margin_that_would_show_in_the_porosity_is_refused() {
    let report = only(TUBE, SPHERES, "packing { collision_margin = 1 mm }");
    assert!(
        report.message.contains("is 20 % of the particle diameter"),
        "{}",
        report.message
    );
}

#[test]
fn a_syntax_error_does_not_hide_the_ones_behind_it() {
    let source = "bed t {\n geometry {\n diameter 50 mm\n height = 1 kg\n }\n particles { diameter: 5 mm; count = 0 }\n}";
    let messages: Vec<_> = errors(source)
        .reports()
        .into_iter()
        .map(|it| (it.line, it.message))
        .collect();
    let expected = [
        (3, "expected `=` after the name of the property, found `50`"),
        (4, "`1 kg` is a mass"),
        (6, "expected `=` after the name of the property, found `:`"),
        (6, "`count`: 0 is out of range: 1 to 100000 is allowed"),
    ];
    let expected: Vec<_> = expected
        .map(|(line, message)| (line, message.to_owned()))
        .into();
    assert_eq!(messages, expected);
}

#[test]
fn a_decimal_comma_is_explained() {
    let report = only("diameter = 0,05 m; height = 1 m", SPHERES, "");
    assert!(
        hint(&report).contains("a decimal point is a `.`"),
        "{report:?}"
    );
}

#[test]
fn what_is_never_closed_is_said_once() {
    for source in ["bed t {", "bed t { geometry {", "bed t { geometry { /* so"] {
        let errors = errors(source);
        assert_eq!(errors.len(), 1, "{errors}");
    }
}

#[test]
fn what_is_not_a_bed_is_refused() {
    for source in [
        "",
        "42",
        "{ \"name\": 1 }",
        "bett x { }",
        "bed { }",
        "bed a { } bed b { }",
    ] {
        assert!(!errors(source).is_empty());
    }
    assert!(
        errors(&" ".repeat(200_000))
            .to_string()
            .contains("at most 100000")
    );
}
