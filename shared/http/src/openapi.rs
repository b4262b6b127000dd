//! The `OpenAPI` 3.1 document: what the routes declare, plus what is the same for all of them.

use serde_json::{Map, Value, json};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::problem::Body;
use crate::router::BASE_PATH;
use crate::{App, Code, FieldError, MEDIA_TYPE};

/// The component that holds the schema of a bed.
const SPECIFICATION: &str = "Specification";

/// Describes the routes of one function or of several merged ones.
pub fn document(routes: OpenApiRouter<App>) -> Result<Value, serde_json::Error> {
    let info = InfoBuilder::new()
        .title("Leito")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Packed-bed studies: pack a tube with particles, compute the flow through it.",
        ))
        .build();
    let problem = ComponentsBuilder::new()
        .schema_from::<Body>()
        .schema_from::<Code>()
        .schema_from::<FieldError>()
        .build();
    let base = OpenApiRouter::<App>::with_openapi(
        OpenApiBuilder::new()
            .info(info)
            .components(Some(problem))
            .build(),
    );
    let mut document = serde_json::to_value(base.nest(BASE_PATH, routes).into_openapi())?;
    let schemas = &mut document["components"]["schemas"];
    if schemas.get(SPECIFICATION).is_some() {
        schemas[SPECIFICATION] = bed_schema();
    }
    for (path, item) in fields(&mut document["paths"]) {
        let has_id = path.contains('{');
        for (method, operation) in fields(item) {
            complete(operation, method, has_id);
        }
    }
    Ok(document)
}

/// The one schema that is not made here: the crate `bed` derives it from the declaration of every parameter.
fn bed_schema() -> Value {
    let mut schema = bed::json_schema();
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("$schema");
        fields.remove("$id");
    }
    schema
}

/// Adds what no endpoint needs to say: ids that are none, caching, idempotency, failures of ours.
fn complete(operation: &mut Value, method: &str, has_id: bool) {
    let responses = &mut operation["responses"];
    if has_id {
        add(responses, "400", problem(&[Code::InvalidPath]));
        add(responses, "404", problem(&[Code::NotFound]));
    }
    if method == "post" {
        add(
            responses,
            "400",
            problem(&[Code::InvalidJson, Code::InvalidHeader]),
        );
        add(responses, "409", problem(&[Code::StillRunning]));
        add(responses, "413", problem(&[Code::TooLarge]));
        add(responses, "415", problem(&[Code::UnsupportedMediaType]));
        add(
            responses,
            "422",
            problem(&[Code::InvalidBody, Code::KeyReused]),
        );
        let about = "Makes repeating safe: the same key with the same request gives the first answer again.";
        add_header_parameter(operation, "Idempotency-Key", about);
    } else if operation["responses"]["200"]["content"]
        .get("application/json")
        .is_some()
    {
        add(
            &mut operation["responses"],
            "304",
            json!({ "description": "Unchanged since the answer with this ETag" }),
        );
        add_header_parameter(
            operation,
            "If-None-Match",
            "The ETag of the answer that the caller has.",
        );
    }
    add(
        &mut operation["responses"],
        "500",
        problem(&[Code::Internal]),
    );
    add(
        &mut operation["responses"],
        "503",
        problem(&[Code::Unavailable, Code::TimedOut]),
    );
    are_problems(&mut operation["responses"]);
}

/// Every refusal is a problem, whoever described it.
fn are_problems(responses: &mut Value) {
    for (status, response) in fields(responses) {
        if status.starts_with(['4', '5']) && response.get("content").is_none() {
            response["content"] = problem(&[])["content"].take();
        }
    }
}

/// An endpoint's own words about a status stand before the general ones.
fn add(responses: &mut Value, status: &str, general: Value) {
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    match responses.get_mut(status) {
        None => {
            responses.insert(status.to_owned(), general);
        }
        Some(own) if general.get("content").is_some() && own.get("content").is_none() => {
            let words = [own["description"].as_str(), general["description"].as_str()];
            let joined = words.into_iter().flatten().collect::<Vec<_>>().join("; ");
            own["description"] = joined.into();
            own["content"] = general["content"].clone();
        }
        Some(_) => {}
    }
}

fn problem(codes: &[Code]) -> Value {
    let words: Vec<_> = codes
        .iter()
        .map(|code| format!("{} (`{}`)", code.title(), code.as_str()))
        .collect();
    json!({
        "description": words.join("; "),
        "content": { MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

fn add_header_parameter(operation: &mut Value, name: &str, about: &str) {
    let parameter = json!({
        "name": name, "in": "header", "required": false, "description": about, "schema": { "type": "string" },
    });
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

fn fields(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flat_map(Map::iter_mut)
}
