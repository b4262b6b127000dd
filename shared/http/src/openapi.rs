//! The `OpenAPI` 3.1 document: what the routes declare, plus what is the same for all of them.

use serde_json::{Map, Value, json};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::problem::Body;
use crate::{App, Code, FieldError, MEDIA_TYPE, Routes};

/// The component that holds the schema of a bed.
const SPECIFICATION: &str = "Specification";
/// How a caller says who they are.
const BEARER: &str = "bearer";

/// Describes the routes of one function or of several merged ones.
pub fn document(routes: impl Into<Routes>) -> Result<Value, serde_json::Error> {
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
    let mut document = serde_json::to_value(routes.into().onto(base).into_openapi())?;
    let schemas = &mut document["components"]["schemas"];
    if schemas.get(SPECIFICATION).is_some() {
        schemas[SPECIFICATION] = bed_schema();
    }
    document["components"]["securitySchemes"] = json!({ BEARER: {
        "type": "http", "scheme": "bearer", "description": "The access token of a log-in, or an API key.",
    }});
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

/// Adds what no endpoint needs to say: who asks, ids that are none, caching, idempotency, failures of ours.
fn complete(operation: &mut Value, method: &str, has_id: bool) {
    add_credentials(operation, method);
    if has_id {
        let responses = &mut operation["responses"];
        add(responses, "400", problem(&[Code::InvalidPath]));
        add(responses, "404", problem(&[Code::NotFound]));
    }
    if has_query(operation) {
        add(
            &mut operation["responses"],
            "400",
            problem(&[Code::InvalidQuery]),
        );
    }
    if method == "post" {
        let responses = &mut operation["responses"];
        add(responses, "400", problem(&[Code::InvalidHeader]));
        add(responses, "409", problem(&[Code::StillRunning]));
        add(responses, "422", problem(&[Code::KeyReused]));
        let about = "Makes repeating safe: the same key with the same request gives the first answer again.";
        add_header_parameter(operation, "Idempotency-Key", about, false);
    }
    if operation.get("requestBody").is_some() || method == "post" {
        let responses = &mut operation["responses"];
        add(responses, "400", problem(&[Code::InvalidJson]));
        add(responses, "413", problem(&[Code::TooLarge]));
        add(responses, "415", problem(&[Code::UnsupportedMediaType]));
        add(responses, "422", problem(&[Code::InvalidBody]));
    }
    add_conditions(operation, method);
    let responses = &mut operation["responses"];
    add(responses, "500", problem(&[Code::Internal]));
    add(
        responses,
        "503",
        problem(&[Code::Unavailable, Code::TimedOut]),
    );
    are_problems(responses);
    for (_, response) in fields(responses) {
        are_bytes(response);
    }
    if let Some(body) = operation.get_mut("requestBody") {
        are_bytes(body);
    }
}

/// What a file holds is no list of numbers: of bytes, `OpenAPI` 3.1 says the media type and nothing else.
fn are_bytes(described: &mut Value) {
    let Some(content) = described.get_mut("content") else {
        return;
    };
    for (media_type, media) in fields(content) {
        if media["schema"]["type"] == "array"
            && !media_type.ends_with("json")
            && let Some(media) = media.as_object_mut()
        {
            media.remove("schema");
        }
    }
}

/// Whether the operation takes anything after the `?`. What may be left out there is not null: that is a word.
fn has_query(operation: &mut Value) -> bool {
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    let mut found = false;
    for parameter in parameters.into_iter().flatten() {
        if parameter["in"] == "query" {
            found = true;
            without_null(&mut parameter["schema"]);
        }
    }
    found
}

fn without_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|one| one != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    } else if let Some(kinds) = schema.get_mut("oneOf").and_then(Value::as_array_mut) {
        kinds.retain(|one| one.get("type").is_none_or(|it| it != "null"));
        if let [only] = kinds.as_slice() {
            *schema = only.clone();
        }
    }
}

/// An endpoint that everybody may call says `security(())`. Wrong credentials are refused there too.
fn add_credentials(operation: &mut Value, method: &str) {
    let is_public = operation.get("security").is_some();
    if !is_public {
        operation["security"] = json!([{ BEARER: [] }]);
    }
    add(
        &mut operation["responses"],
        "401",
        problem(&[Code::Unauthenticated]),
    );
    if !is_public || method != "get" {
        add(
            &mut operation["responses"],
            "403",
            problem(&[Code::Forbidden]),
        );
    }
}

/// An update that must say what it is based on says so by naming 412.
fn add_conditions(operation: &mut Value, method: &str) {
    if operation["responses"].get("412").is_some() {
        add(
            &mut operation["responses"],
            "428",
            problem(&[Code::PreconditionRequired]),
        );
        let about = "The ETag of what the caller read and now changes.";
        add_header_parameter(operation, "If-Match", about, true);
    }
    let answers_json = operation["responses"]["200"]["content"].get("application/json");
    if method == "get" && answers_json.is_some() {
        add(
            &mut operation["responses"],
            "304",
            json!({ "description": "Unchanged since the answer with this ETag" }),
        );
        let about = "The ETag of the answer that the caller has.";
        add_header_parameter(operation, "If-None-Match", about, false);
    }
}

/// Every refusal is a problem, whoever described it.
fn are_problems(responses: &mut Value) {
    for (status, response) in fields(responses) {
        if status.starts_with(['4', '5']) && response.get("content").is_none() {
            response["content"] = problem(&[])["content"].take();
        }
    }
}

/// An endpoint's own words about a status stand before the general ones, and several general ones one after the other.
fn add(responses: &mut Value, status: &str, general: Value) {
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    match responses.get_mut(status) {
        None => {
            responses.insert(status.to_owned(), general);
        }
        Some(own) if is_plain(own) && general.get("content").is_some() => {
            let words = [own["description"].as_str(), general["description"].as_str()];
            let joined = words.into_iter().flatten().collect::<Vec<_>>().join("; ");
            own["description"] = joined.into();
            own["content"] = general["content"].clone();
        }
        Some(_) => {}
    }
}

/// Without a body of the endpoint's own.
fn is_plain(response: &Value) -> bool {
    let content = response.get("content");
    content.is_none_or(|content| content.get(MEDIA_TYPE).is_some())
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

fn add_header_parameter(operation: &mut Value, name: &str, about: &str, required: bool) {
    let parameter = json!({
        "name": name, "in": "header", "required": required, "description": about, "schema": { "type": "string" },
    });
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

fn fields(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flat_map(Map::iter_mut)
}
