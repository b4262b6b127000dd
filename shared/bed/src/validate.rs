//! Whether the values of a bed are allowed, one by one and together. Works on JSON, so that a bed can be checked
//! before it is complete; all problems are found in one go.

use serde_json::{Map, Value};

use crate::bed::{BLOCKS, Bed};
use crate::error::Problem;
use crate::parameter::{Block, Kind, Need, Parameter};
use crate::units::{Dimension, readable};

/// Most values that a list may have.
pub(crate) const MAX_LIST: usize = 32;
/// Longest name of a bed.
pub(crate) const MAX_NAME: usize = 64;
/// A margin wider than this share of the particle diameter shows in the porosity.
const MAX_MARGIN: f64 = 0.05;

/// Says everything that is wrong with a bed; nothing of what it would take to build it (that is [`crate::plan`]).
pub fn validate(bed: &Bed) -> Result<(), Vec<Problem>> {
    let problems = problems(&crate::to_json(bed));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Everything that is wrong with the values of a bed, whose fields are known to exist.
pub(crate) fn problems(bed: &Value) -> Vec<Problem> {
    let mut problems: Vec<_> = name_problem(&bed["name"]).into_iter().collect();
    problems.extend(missing(bed).map(|(block, parameter)| {
        let pointer = format!("/{}/{}", block.name, parameter.field);
        Problem::new(pointer, format!("is required: {}", parameter.doc))
    }));
    problems.extend(value_problems(bed));
    problems.extend(contradictions(bed));
    problems
}

/// The required parameters that a bed lacks.
pub(crate) fn missing(bed: &Value) -> impl Iterator<Item = (&'static Block, &'static Parameter)> {
    let lacks = |block: &Block, parameter: &Parameter| {
        parameter.need == Need::Required && get(bed, block.name, parameter.field).is_none()
    };
    BLOCKS.iter().flat_map(move |block| {
        block
            .parameters
            .iter()
            .filter(move |it| lacks(block, it))
            .map(move |it| (block, it))
    })
}

/// What is wrong with single values.
pub(crate) fn value_problems(bed: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for block in BLOCKS {
        for parameter in block.parameters {
            if let Some(value) = get(bed, block.name, parameter.field) {
                for (place, message) in wrong_in(parameter, value) {
                    let pointer = format!("/{}/{}{place}", block.name, parameter.field);
                    problems.push(Problem::new(pointer, message));
                }
            }
        }
    }
    problems
}

/// What is wrong between values that are each allowed.
pub(crate) fn contradictions(bed: &Value) -> Vec<Problem> {
    [quantity(bed), contact_size(bed), margin(bed)]
        .into_iter()
        .flatten()
        .collect()
}

pub(crate) fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-')
}

pub(crate) fn name_problem(name: &Value) -> Option<Problem> {
    let valid = name.as_str().is_some_and(is_name);
    (!valid).then(|| {
        let message = format!(
            "must be a letter followed by letters, digits, `_` and `-`, at most {MAX_NAME} characters"
        );
        Problem::new("/name", message)
    })
}

/// What is wrong with the value of one parameter, and where in it.
fn wrong_in(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let whole = |message| (String::new(), message);
    if !parameter.list {
        return value_problem(parameter, value)
            .map(whole)
            .into_iter()
            .collect();
    }
    let Some(items) = value.as_array() else {
        return vec![whole("must be a list".to_owned())];
    };
    let mut wrong = Vec::new();
    if items.is_empty() || items.len() > MAX_LIST {
        wrong.push(whole(format!(
            "must have 1 to {MAX_LIST} values, not {}",
            items.len()
        )));
    }
    for (index, item) in items.iter().enumerate() {
        let repeated = || {
            items[..index]
                .contains(item)
                .then(|| "is given twice".to_owned())
        };
        let problem = value_problem(parameter, item).or_else(repeated);
        wrong.extend(problem.map(|message| (format!("/{index}"), message)));
    }
    wrong
}

fn value_problem(parameter: &Parameter, value: &Value) -> Option<String> {
    match parameter.kind {
        Kind::Flag => (!value.is_boolean()).then(|| "must be true or false".to_owned()),
        Kind::Word(words) => {
            let known = value.as_str().is_some_and(|word| words.contains(&word));
            (!known).then(|| format!("must be one of {}", words.join(", ")))
        }
        Kind::Integer if value.as_u64().is_none() => Some("must be a whole number".to_owned()),
        Kind::Integer | Kind::Number => match value.as_f64() {
            None => Some("must be a number".to_owned()),
            Some(number) => out_of_range(parameter, number),
        },
    }
}

fn out_of_range(parameter: &Parameter, number: f64) -> Option<String> {
    let range = parameter.range.as_ref()?;
    let (low, high) = (*range.start(), *range.end());
    let say = |number| readable(number, parameter.dimension);
    (!range.contains(&number)).then(|| {
        let downwards = parameter.dimension == Dimension::Acceleration && number < 0.0;
        let magnitude = if downwards {
            " (it is a magnitude, and points down)"
        } else {
            ""
        };
        format!(
            "{} is out of range: {} to {} is allowed{magnitude}",
            say(number),
            say(low),
            say(high)
        )
    })
}

/// `count` or `target_height`, one of them.
fn quantity(bed: &Value) -> Option<Problem> {
    let given = |field| get(bed, "particles", field).is_some();
    match (given("count"), given("target_height_m")) {
        (true, true) => Some(Problem::new(
            "/particles/target_height_m",
            "contradicts the count: one follows from the other, so give only one of them",
        )),
        (false, false) => Some(Problem::new(
            "/particles",
            "says neither how many particles there are (count) nor how high the bed is (target height)",
        )),
        _ => None,
    }
}

fn contact_size(bed: &Value) -> Option<Problem> {
    let treatment = get(bed, "flow", "contact_treatment").and_then(Value::as_str);
    (get(bed, "flow", "contact_size").is_some() && treatment == Some("none")).then(|| {
        Problem::new(
            "/flow/contact_size",
            "has no meaning when the contact treatment is none: leave it out",
        )
    })
}

fn margin(bed: &Value) -> Option<Problem> {
    let margin_m = get(bed, "packing", "collision_margin_m")?.as_f64()?;
    let diameter_m = get(bed, "particles", "diameter_m")?.as_f64()?;
    (margin_m > MAX_MARGIN * diameter_m).then(|| {
        let message = format!(
            "is {:.0} % of the particle diameter: at most {:.0} % leaves the porosity as it is, and 0 is exact",
            100.0 * margin_m / diameter_m,
            100.0 * MAX_MARGIN,
        );
        Problem::new("/packing/collision_margin_m", message)
    })
}

fn get<'a>(bed: &'a Value, block: &str, field: &str) -> Option<&'a Value> {
    bed.get(block)
        .and_then(Value::as_object)
        .and_then(|block: &Map<_, _>| block.get(field))
}
