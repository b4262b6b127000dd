//! Names of the earlier, flat form of the language are refused with a hint that helps.

use crate::errors::{SPHERES, TUBE, errors, only};

#[test]
fn renamed_properties_are_told_their_new_name() {
    let cases = [
        ("flow { inlet_velocity = 1 m/s }", "it is called `velocity`"),
        (
            "flow { convergence_criteria = 1e-4 }",
            "it is called `convergence`",
        ),
        (
            "flow { velocities_m_s = 1 }",
            "it is called `velocity`: the unit follows the value",
        ),
        ("packing { damping = 0.1 }", "`linear_damping`"),
        (
            "packing { friction = 0.1 }",
            "it belongs to the block `particles`",
        ),
        ("export { scale = 1 }", "always in metres"),
        ("packing { method = hexagonal_3d }", "`rigid_body`"),
    ];
    for (rest, hint) in cases {
        let report = only(TUBE, SPHERES, rest);
        assert!(
            report.hint.as_deref().unwrap_or_default().contains(hint),
            "{report:?}"
        );
    }
}

#[test]
fn properties_without_a_meaning_say_why() {
    let cases = [
        ("kind = sphere", "`shape`"),
        ("seed = 42", "it belongs to the block `packing`"),
        ("mass = 1 g", "it follows from `diameter` and `density`"),
        ("target_porosity = 0.4", "`friction` is the knob"),
        ("rolling_friction = 0.1", "rigid bodies have none"),
        ("shape = cube", "only spheres are packed"),
    ];
    for (property, hint) in cases {
        let report = only(TUBE, &format!("{SPHERES} {property}"), "");
        assert!(
            report.hint.as_deref().unwrap_or_default().contains(hint),
            "{report:?}"
        );
    }
}

#[test]
fn renamed_blocks_are_read_on_under_their_new_name() {
    let source = "bed t { bed { diameter = 50 mm; height = 1 m; clearance = 1 mm } particles { diameter = 5 mm; count = 100 } cfd { inlet_velocity = 1 m/s } }";
    let hints: Vec<_> = errors(source)
        .reports()
        .into_iter()
        .filter_map(|it| it.hint)
        .collect();
    assert_eq!(hints.len(), 4, "{hints:?}");
    assert_eq!(
        (hints[0].as_str(), hints[2].as_str()),
        ("it is called `geometry`", "it is called `flow`")
    );
}
