//! `GET /submission-kinds`, `GET /submission-kinds/{kind}/{version}`

use automation::{FORMS, Form};
use leito_http::{Actor, BASE_PATH, Json, Path, Problem};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What can be submitted.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionKinds {
    kinds: Vec<SubmissionKind>,
}

/// One version of one kind of submission.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionKind {
    /// The word it is asked for by.
    #[schema(example = "packed-bed-study")]
    kind: &'static str,
    /// Of which version.
    version: i32,
    /// What it does.
    about: &'static str,
    /// Where the kind and its schema are described.
    href: String,
    /// The JSON Schema (2020-12) of its payload.
    #[schema(value_type = Object)]
    schema: Value,
}

impl From<&Form> for SubmissionKind {
    fn from(form: &Form) -> Self {
        Self {
            kind: form.kind,
            version: form.version,
            about: form.about,
            href: format!(
                "{BASE_PATH}/submission-kinds/{}/{}",
                form.kind, form.version
            ),
            schema: form.schema(),
        }
    }
}

/// The kinds of submission, with the schemas of their payloads.
#[utoipa::path(
    get, path = "/submission-kinds", tag = "submissions",
    responses((status = 200, description = "Every version of every kind", body = SubmissionKinds)),
)]
pub async fn list_kinds(_: Actor) -> Json<SubmissionKinds> {
    Json(SubmissionKinds {
        kinds: FORMS.iter().map(SubmissionKind::from).collect(),
    })
}

/// One version of one kind of submission.
#[utoipa::path(
    get, path = "/submission-kinds/{kind}/{version}", tag = "submissions",
    params(
        ("kind" = String, Path, description = "The kind"),
        ("version" = i32, Path, description = "The version"),
    ),
    responses((status = 200, description = "The kind and the schema of its payload", body = SubmissionKind)),
)]
pub async fn show_kind(
    _: Actor,
    Path((kind, version)): Path<(String, i32)>,
) -> Result<Json<SubmissionKind>, Problem> {
    let form = automation::find(&kind, version)
        .map_err(|_| Problem::not_found("kind of submission", format!("{kind} v{version}")))?;
    Ok(Json(form.into()))
}
