//! What callers say of a bed, read, and everything that is wrong with it.

use leito_http::{Code, FieldError, Problem};

use crate::view::Specification;

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 2000;

/// The bed of one of the two forms.
pub fn bed(spec: Option<&Specification>, source: Option<&str>) -> Result<bed::Bed, Problem> {
    match (spec, source) {
        (Some(spec), None) => bed::from_value(&spec.0)
            .map_err(|problems| refused(Code::InvalidBody, "the specification", problems)),
        (None, Some(text)) => bed::parse(text, "source").map_err(|found| unreadable(&found)),
        _ => Err(Problem::new(
            Code::InvalidBody,
            "the body needs either `spec` (JSON) or `source` (.bed text)",
        )),
    }
}

/// Refuses a bed, valid in itself, that cannot be built and computed.
pub fn check_possible(bed: &bed::Bed, machine: &bed::Machine) -> Result<(), Problem> {
    match bed::plan_valid(bed, machine) {
        Ok(_) => Ok(()),
        Err(problems) => Err(refused(Code::ImpossibleBed, "this bed", problems)),
    }
}

/// Refuses a description that is too long.
pub fn check_description(text: &str) -> Result<(), Problem> {
    let length = text.chars().count();
    if length <= MAX_DESCRIPTION {
        return Ok(());
    }
    let message = format!("has {length} characters; at most {MAX_DESCRIPTION} are kept");
    let error = FieldError::new("/description", &message);
    Err(Problem::new(Code::InvalidBody, format!("the description {message}")).with_errors([error]))
}

/// The same bed under another name.
pub fn renamed(mut bed: bed::Bed, name: &str) -> Result<bed::Bed, Problem> {
    name.clone_into(&mut bed.name);
    bed::validate(&bed).map_err(|problems| {
        let errors = problems
            .into_iter()
            .map(|it| FieldError::new(it.pointer, it.message));
        Problem::new(Code::InvalidBody, "no bed can have this name").with_errors(errors)
    })?;
    Ok(bed)
}

/// One problem for a whole specification; each pointer starts at the body.
fn refused(code: Code, what: &str, problems: Vec<bed::Problem>) -> Problem {
    let detail = match problems.as_slice() {
        [only] => format!("{what} is refused: {}", only.message),
        several => format!("{what} is refused for {} reasons", several.len()),
    };
    let errors = problems
        .into_iter()
        .map(|it| FieldError::new(format!("/spec{}", it.pointer), it.message));
    Problem::new(code, detail).with_errors(errors)
}

fn unreadable(found: &bed::Diagnostics) -> Problem {
    let errors = found.reports().into_iter().map(|it| FieldError {
        line: u32::try_from(it.line).ok(),
        column: u32::try_from(it.column).ok(),
        hint: it.hint,
        ..FieldError::new("/source", it.message)
    });
    Problem::new(Code::InvalidSource, found.to_string()).with_errors(errors)
}
