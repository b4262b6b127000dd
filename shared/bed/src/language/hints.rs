//! What to say about names that are not in the language: those of its earlier, flat form, those that have no meaning
//! here, and those that are only misspelt.

use crate::bed::BLOCKS;
use crate::parameter::Block;
use crate::suggest::closest;

const LID: &str = "there are no lids: while it is packed the tube has a floor, while it flows it is open at both ends";

/// Blocks of the earlier form, and the block that their properties belong to now.
const RENAMED_BLOCKS: &[(&str, &str)] = &[("bed", "geometry"), ("cfd", "flow")];

/// Properties of the earlier form: block, old name, new name.
const RENAMED: &[(&str, &str, &str)] = &[
    ("particles", "kind", "shape"),
    ("flow", "inlet_velocity", "velocity"),
    ("flow", "velocities", "velocity"),
    ("flow", "convergence_criteria", "convergence"),
    ("flow", "density", "fluid_density"),
    ("flow", "viscosity", "fluid_viscosity"),
];

/// Names without a meaning here, and why.
const MEANINGLESS: &[(&str, &str)] = &[
    ("lids", LID),
    ("top_type", LID),
    ("bottom_type", LID),
    ("top_thickness", LID),
    ("bottom_thickness", LID),
    ("seal_clearance", LID),
    (
        "clearance",
        "the space above the bed is what it leaves of the tube's `height`",
    ),
    (
        "material",
        "what matters of it is stated: `wall_friction` and `wall_restitution`",
    ),
    (
        "roughness",
        "walls are smooth; `wall_friction` is what the particles feel",
    ),
    ("mass", "it follows from `diameter` and `density`"),
    (
        "target_porosity",
        "porosity is a result; `friction` is the knob for it, and `count` or `target_height` says how much",
    ),
    (
        "rolling_friction",
        "Blender's rigid bodies have none; `angular_damping` slows a spinning particle",
    ),
    (
        "damping",
        "it belongs to the particles: `linear_damping` and `angular_damping`",
    ),
    ("units", "files are always in metres"),
    ("scale", "files are always in metres"),
    (
        "manifold_check",
        "particles are exported as closed surfaces, so there is nothing to check",
    ),
    (
        "merge_distance",
        "particles are exported as closed surfaces, so there is nothing to merge",
    ),
    ("cube", "only spheres are packed"),
    ("cylinder", "only spheres are packed"),
    (
        "spherical_packing",
        "particles are packed by rigid-body physics only: `rigid_body`",
    ),
    (
        "hexagonal_3d",
        "particles are packed by rigid-body physics only: `rigid_body`",
    ),
];

/// The block of today behind a name of the earlier form.
pub(super) fn renamed_block(name: &str) -> Option<&'static str> {
    RENAMED_BLOCKS
        .iter()
        .find(|(old, _)| *old == name)
        .map(|(_, new)| *new)
}

/// What to say about an unknown block.
pub(super) fn block(name: &str) -> Option<String> {
    if let Some(new) = renamed_block(name) {
        return Some(format!("it is called `{new}`"));
    }
    let meant = || did_you_mean(name, BLOCKS.iter().map(|block| block.name));
    why_not(name).or_else(meant)
}

/// What to say about an unknown property of a block.
pub(super) fn property(block: &Block, name: &str) -> Option<String> {
    let renamed = RENAMED
        .iter()
        .find(|(it, old, _)| *it == block.name && *old == name);
    if let Some((_, _, new)) = renamed {
        return Some(format!("it is called `{new}`"));
    }
    if let Some(parameter) = block.by_field(name) {
        return Some(format!(
            "it is called `{}`: the unit follows the value",
            parameter.name
        ));
    }
    let elsewhere = || {
        let home = BLOCKS.iter().find(|other| other.by_name(name).is_some())?;
        Some(format!("it belongs to the block `{}`", home.name))
    };
    let meant = || did_you_mean(name, block.parameters.iter().map(|it| it.name));
    why_not(name).or_else(elsewhere).or_else(meant)
}

/// What to say about an unknown word.
pub(super) fn word(name: &str, words: &'static [&'static str]) -> Option<String> {
    why_not(name)
        .or_else(|| did_you_mean(name, words.iter().copied()))
        .or_else(|| Some(format!("allowed: {}", words.join(", "))))
}

fn why_not(name: &str) -> Option<String> {
    MEANINGLESS
        .iter()
        .find(|(it, _)| *it == name)
        .map(|(_, why)| (*why).to_owned())
}

fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    closest(name, known).map(|meant| format!("did you mean `{meant}`?"))
}
