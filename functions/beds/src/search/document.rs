//! The query of `GET /beds` for the API's document.

use bed::Kind;
use store::beds::Column;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{Required, Schema};

use super::parameters::{SORTS, STATES, declared};
use leito_http::paging::{MAX_OFFSET, MAX_PAGE};

/// Everything that beds can be found by.
pub struct Wanted;

impl IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = fixed();
        for column in Column::ALL {
            all.extend(range(column.as_str(), meaning(column)));
        }
        for (name, _, it) in declared() {
            match it.kind {
                Kind::Number | Kind::Integer => all.extend(range(&name, it.doc)),
                Kind::Flag => all.push(parameter(&name, it.doc, plain(Type::Boolean))),
                Kind::Word(words) => all.push(parameter(&name, it.doc, one_of(words.to_vec()))),
            }
        }
        all
    }
}

const fn meaning(column: Column) -> &'static str {
    match column {
        Column::TubeDiameter => "Inner diameter D of the tube.",
        Column::TubeHeight => "Inner height of the tube, floor to rim.",
        Column::ParticleDiameter => "Particle diameter d.",
        Column::ParticleCount => "Number of particles, stated or from the target height.",
        Column::TubeToParticleRatio => "N = D/d.",
    }
}

fn fixed() -> Vec<Parameter> {
    let signs = ["", "-"];
    let sorts = SORTS
        .iter()
        .flat_map(|(name, _)| signs.map(|sign| format!("{sign}{name}")));
    let states = STATES.iter().map(|(word, _)| *word).collect();
    let words = "Words that name or description hold, or beginnings of such words.";
    let state = "What became of the bed: `busy` while a job of it waits or runs.";
    let sort =
        "What the list is sorted by, `-` for the greatest first; `-created_at` when left out.";
    vec![
        parameter(
            "limit",
            "Beds in the answer; 100 when left out.",
            whole(1, u32::from(MAX_PAGE)),
        ),
        parameter("offset", "Beds that are passed over.", whole(0, MAX_OFFSET)),
        parameter(
            "after",
            "The `next` of the answer before.",
            plain(Type::String),
        ),
        parameter("sort", sort, one_of(sorts.collect())),
        parameter(
            "project_id",
            "Beds of this project.",
            formatted(KnownFormat::Uuid),
        ),
        parameter(
            "created_by",
            "Beds that this account made.",
            formatted(KnownFormat::Uuid),
        ),
        parameter("name", "The bed of this very name.", plain(Type::String)),
        parameter("text", words, plain(Type::String)),
        parameter("status", state, one_of(states)),
        parameter(
            "created_from",
            "Made then or later.",
            formatted(KnownFormat::DateTime),
        ),
        parameter(
            "created_to",
            "Made then or before.",
            formatted(KnownFormat::DateTime),
        ),
        parameter(
            "updated_from",
            "Changed then or later.",
            formatted(KnownFormat::DateTime),
        ),
        parameter(
            "updated_to",
            "Changed then or before.",
            formatted(KnownFormat::DateTime),
        ),
    ]
}

fn range(name: &str, doc: &str) -> [Parameter; 2] {
    let end = |end: &str, word: &str| {
        parameter(
            &format!("{name}_{end}"),
            &format!("{word}: {doc}"),
            plain(Type::Number),
        )
    };
    [end("min", "Least value"), end("max", "Greatest value")]
}

fn parameter(name: &str, doc: &str, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(doc))
        .schema(Some(Schema::Object(schema.build())))
        .build()
}

fn plain(schema_type: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(schema_type)
}

fn formatted(format: KnownFormat) -> ObjectBuilder {
    plain(Type::String).format(Some(SchemaFormat::KnownFormat(format)))
}

fn whole(least: u32, greatest: u32) -> ObjectBuilder {
    plain(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(greatest))
}

fn one_of<T: Into<serde_json::Value>>(words: Vec<T>) -> ObjectBuilder {
    let words: Vec<serde_json::Value> = words.into_iter().map(Into::into).collect();
    plain(Type::String).enum_values(Some(words))
}
