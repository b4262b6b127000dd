//! One written value to one JSON value in SI units, by the declaration of its parameter.

use serde_json::{Value as Json, json};

use super::diagnostic::Diagnostics;
use super::hints;
use super::parser::{Form, Spanned, Value};
use crate::parameter::{Kind, Parameter};
use crate::units::{Dimension, Unit, to_si, with_unit};

/// The value in SI units; nothing when it is of the wrong sort, which is then said.
pub(super) fn convert(
    parameter: &Parameter,
    value: &Value,
    diagnostics: &mut Diagnostics,
) -> Option<Json> {
    match (&value.form, parameter.list) {
        (Form::List(items), true) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| single(parameter, item, diagnostics))
                .collect();
            items
                .into_iter()
                .collect::<Option<Vec<_>>>()
                .map(Json::Array)
        }
        (Form::List(_), false) => {
            diagnostics.push(
                value.span.clone(),
                format!("`{}` takes one value, not a list", parameter.name),
            );
            None
        }
        // A list of one needs no brackets.
        (_, true) => single(parameter, value, diagnostics).map(|item| json!([item])),
        (_, false) => single(parameter, value, diagnostics),
    }
}

fn single(parameter: &Parameter, value: &Value, diagnostics: &mut Diagnostics) -> Option<Json> {
    match (&value.form, parameter.kind) {
        (Form::Number { number, unit }, Kind::Number) => {
            quantity(parameter, number, unit.as_ref(), value, diagnostics).map(Json::from)
        }
        (Form::Number { number, unit }, Kind::Integer) => {
            whole(parameter, number, unit.as_ref(), value, diagnostics).map(Json::from)
        }
        (Form::Word(word @ ("true" | "false")), Kind::Flag) => Some(json!(*word == "true")),
        (Form::Word(word), Kind::Word(words)) => {
            if words.contains(word) {
                return Some(json!(word));
            }
            diagnostics
                .push(
                    value.span.clone(),
                    format!("`{}` cannot be `{word}`", parameter.name),
                )
                .hint_if(hints::word(word, words));
            None
        }
        _ => {
            diagnostics.push(
                value.span.clone(),
                format!("`{}` takes {}", parameter.name, wanted(parameter)),
            );
            None
        }
    }
}

/// What a parameter takes, in a sentence.
fn wanted(parameter: &Parameter) -> String {
    match parameter.kind {
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Word(words) => format!("one of these words: {}", words.join(", ")),
        Kind::Integer => "a whole number".to_owned(),
        Kind::Number => match parameter.dimension.usual() {
            Some(unit) => format!(
                "{}, for example `5 {}`",
                parameter.dimension.phrase(),
                unit.symbol
            ),
            None => parameter.dimension.phrase().to_owned(),
        },
    }
}

fn whole(
    parameter: &Parameter,
    number: &str,
    unit: Option<&Spanned>,
    value: &Value,
    diagnostics: &mut Diagnostics,
) -> Option<u64> {
    let read = number.parse().ok().or_else(|| whole_with_exponent(number));
    if let (Some(read), None) = (read, unit) {
        return Some(read);
    }
    let message = format!("`{}` takes a whole number without a unit", parameter.name);
    diagnostics.push(value.span.clone(), message);
    None
}

/// `1e3` is a whole number too.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "only whole numbers that an f64 holds exactly get here"
)]
fn whole_with_exponent(number: &str) -> Option<u64> {
    let value: f64 = number.parse().ok()?;
    let exact = value.fract() == 0.0 && (0.0..=2_f64.powi(53)).contains(&value);
    exact.then_some(value as u64)
}

fn quantity(
    parameter: &Parameter,
    number: &str,
    unit: Option<&Spanned>,
    value: &Value,
    diagnostics: &mut Diagnostics,
) -> Option<f64> {
    let power = match unit {
        Some(unit) => known(parameter, number, unit, diagnostics)?.power,
        None => match parameter.dimension.si() {
            Some(si) if !is_bare(parameter.dimension) => {
                missing_unit(parameter, number, si, value, diagnostics);
                return None;
            }
            _ => 0,
        },
    };
    let read = to_si(number, power);
    if read.is_none() {
        diagnostics.push(
            value.span.clone(),
            format!("`{number}` is too large a number"),
        );
    }
    read
}

/// The unit of a number, when it exists and measures what the parameter is.
fn known(
    parameter: &Parameter,
    number: &str,
    unit: &Spanned,
    diagnostics: &mut Diagnostics,
) -> Option<&'static Unit> {
    let found = Unit::find(unit.text);
    match found {
        None => {
            let meant = Unit::closest(unit.text).map(|it| format!("did you mean `{}`?", it.symbol));
            let units = || units_of(parameter.dimension);
            diagnostics
                .push(unit.span.clone(), format!("unknown unit `{}`", unit.text))
                .hint_if(meant.or_else(|| Some(units())));
            None
        }
        Some(found) if found.dimension == parameter.dimension => Some(found),
        Some(found) => {
            wrong_dimension(parameter, number, unit, found, diagnostics);
            None
        }
    }
}

fn wrong_dimension(
    parameter: &Parameter,
    number: &str,
    unit: &Spanned,
    found: &Unit,
    diagnostics: &mut Diagnostics,
) {
    let what = if found.symbol == "%" {
        "a percentage"
    } else {
        found.dimension.phrase()
    };
    let example = with_unit(number, parameter.dimension.usual());
    let hint = match found.dimension {
        Dimension::KinematicViscosity if parameter.dimension == Dimension::Viscosity => {
            "multiply it by the density of the fluid: water has 1e-3 Pa.s".to_owned()
        }
        _ => format!(
            "`{}` is {}: write `{example}`",
            parameter.name,
            parameter.dimension.phrase()
        ),
    };
    diagnostics
        .push(
            unit.span.clone(),
            format!("`{number} {}` is {what}", unit.text),
        )
        .hint(hint);
}

fn missing_unit(
    parameter: &Parameter,
    number: &str,
    si: &Unit,
    value: &Value,
    diagnostics: &mut Diagnostics,
) {
    diagnostics
        .push(value.span.clone(), format!("`{number}` has no unit"))
        .hint(format!(
            "`{}` is {}: write `{number} {}`, or one of {}",
            parameter.name,
            parameter.dimension.phrase(),
            si.symbol,
            parameter.dimension.symbols(),
        ));
}

fn units_of(dimension: Dimension) -> String {
    if is_bare(dimension) {
        return format!("it is {}", dimension.phrase());
    }
    format!(
        "{} has one of the units {}",
        dimension.phrase(),
        dimension.symbols()
    )
}

fn is_bare(dimension: Dimension) -> bool {
    dimension.si().is_none()
}
