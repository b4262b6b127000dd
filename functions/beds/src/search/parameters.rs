//! What beds can be searched by: what has a column of its own, and every declared parameter.

use bed::{Block, Kind, Parameter};
use leito_http::Problem;
use serde_json::Value;
use store::beds::{Column, Condition, Sort, State, Test};
use store::list::Range;

use super::pairs::{Pairs, refused};

/// What became of a bed, by its word.
pub const STATES: [(&str, State); 4] = [
    ("unpacked", State::Unpacked),
    ("packed", State::Packed),
    ("simulated", State::Simulated),
    ("busy", State::Busy),
];

/// What beds can be sorted by.
pub const SORTS: [(&str, Sort); 8] = [
    ("created_at", Sort::Created),
    ("updated_at", Sort::Updated),
    ("name", Sort::Name),
    ("tube_diameter_m", Sort::By(Column::TubeDiameter)),
    ("tube_height_m", Sort::By(Column::TubeHeight)),
    ("particle_diameter_m", Sort::By(Column::ParticleDiameter)),
    ("particle_count", Sort::By(Column::ParticleCount)),
    (
        "tube_to_particle_ratio",
        Sort::By(Column::TubeToParticleRatio),
    ),
];

/// Parameters that a column stands for, whichever way a bed states them.
const HAVE_COLUMNS: [(&str, &str); 4] = [
    ("geometry", "diameter_m"),
    ("geometry", "height_m"),
    ("particles", "diameter_m"),
    ("particles", "count"),
];

/// Short names of what people ask for most.
const SHORT: [(&str, &str, &str); 2] = [
    ("particles", "shape", "shape"),
    ("flow", "velocities_m_s", "superficial_velocity_m_s"),
];

/// The declared parameters that are searched in the specification, each with its name in the query.
pub fn declared() -> impl Iterator<Item = (String, &'static Block, &'static Parameter)> {
    let all = bed::BLOCKS
        .iter()
        .flat_map(|block| block.parameters.iter().map(move |it| (block, it)));
    all.filter(|(block, it)| !HAVE_COLUMNS.contains(&(block.name, it.field)))
        .map(|(block, it)| (name(block.name, it.field), block, it))
}

fn name(block: &str, field: &str) -> String {
    let short = SHORT
        .iter()
        .find(|short| (short.0, short.1) == (block, field));
    short.map_or_else(|| format!("{block}_{field}"), |short| short.2.to_owned())
}

/// The state that a word stands for.
pub fn state(word: &str) -> Result<State, Problem> {
    let found = STATES.iter().find(|(known, _)| *known == word);
    found.map(|(_, state)| *state).ok_or_else(|| {
        let words: Vec<_> = STATES.iter().map(|(word, _)| *word).collect();
        refused(format!("`status` is one of {}", words.join(", ")))
    })
}

/// The ranges of what has a column of its own.
pub fn columns(pairs: &mut Pairs) -> Result<Vec<(Column, Range<f64>)>, Problem> {
    let mut wanted = Vec::new();
    for column in Column::ALL {
        if let Some(range) = pairs.numbers(column.as_str())? {
            wanted.push((column, range));
        }
    }
    Ok(wanted)
}

/// What is asked of the other parameters.
pub fn conditions(pairs: &mut Pairs) -> Result<Vec<Condition>, Problem> {
    let mut wanted = Vec::new();
    for (name, block, parameter) in declared() {
        if let Some(test) = test(pairs, &name, parameter)? {
            wanted.push(Condition {
                block: block.name,
                field: parameter.field,
                test,
            });
        }
    }
    Ok(wanted)
}

fn test(pairs: &mut Pairs, name: &str, parameter: &Parameter) -> Result<Option<Test>, Problem> {
    Ok(match parameter.kind {
        Kind::Number | Kind::Integer => pairs.numbers(name)?.map(Test::Within),
        Kind::Flag => pairs.take::<bool>(name)?.map(|flag| Test::Is(flag.into())),
        Kind::Word(words) => match pairs.take::<String>(name)? {
            Some(word) if words.contains(&word.as_str()) => Some(Test::Is(Value::String(word))),
            Some(_) => return Err(refused(format!("`{name}` is one of {}", words.join(", ")))),
            None => None,
        },
    })
}
