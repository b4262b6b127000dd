//! `POST /submissions`

use automation::{Form, Refused};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, FieldError, Json, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Transaction;
use store::access::Role;
use store::submissions::{self, NewSubmission};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::view::{self, Submission};
use crate::work;

/// Work to be done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSubmission)]
pub struct Asked {
    /// A registered kind: see `/submission-kinds`.
    #[schema(example = "packed-bed-study", max_length = 100)]
    kind: String,
    /// Of which version.
    #[schema(example = 1, minimum = 1)]
    version: i32,
    /// The project; may be left out by somebody who can change only one, and where the payload names what is in one.
    project_id: Option<Uuid>,
    /// What to do, as the schema of the kind says.
    #[schema(value_type = Object)]
    payload: Value,
}

/// Submit work.
///
/// Everything that the work needs is made at once: beds, simulations and jobs. Each kind has a schema for its payload, see
/// `/submission-kinds`; what does not fit is refused with a JSON pointer for each fault.
#[utoipa::path(
    post, path = "/submissions", tag = "submissions", request_body = Asked,
    responses(
        (status = 202, description = "The submission; its work has begun", body = Submission),
        (status = 403, description = "The caller may only look at the project"),
        (status = 404, description = "There is no such project"),
        (status = 409, description = "The project has another bed of this name (`name_taken`)"),
        (status = 422, description = "There is no such kind or version (`unknown_kind`); the payload has faults (`invalid_payload`)"),
    ),
)]
pub async fn create_submission(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    let form = automation::find(&asked.kind, asked.version).map_err(|why| refused(&why))?;
    let request = form
        .read(&asked.payload, &app.machine)
        .map_err(|why| refused(&why))?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let site = work::Site {
        tx: &tx,
        app: &app,
        actor: &actor,
        submission_id: app.ids.next(),
    };
    let id = site.submission_id;
    let place = site.place(&request, asked.project_id).await?;
    let project_id = place.project_id();
    submissions::insert(&tx, &row(form, &site, project_id, asked.payload)).await?;
    let done = site.carry_out(place, request).await?;
    submissions::link(&tx, id, &done.simulations, &done.jobs).await?;
    let meta = json!({ "kind": form.kind, "version": form.version });
    view::record(&tx, &app, &actor, "created", (id, project_id), meta).await?;
    let answer = accepted(&tx, &actor, id).await?;
    change.commit(tx, &answer).await?;
    app.wake_workers(client).await;
    Ok(answer.into_response())
}

fn row(form: &Form, site: &work::Site<'_>, project_id: Uuid, payload: Value) -> NewSubmission {
    NewSubmission {
        id: site.submission_id,
        kind: form.kind,
        version: form.version,
        project_id,
        user_id: site.actor.user_id,
        payload,
    }
}

/// The answer of everything that moves a submission.
pub async fn accepted(tx: &Transaction<'_>, actor: &Actor, id: Uuid) -> Result<Answer, Problem> {
    let submission = Submission::load(tx, actor.as_at_least(Role::Viewer), id).await?;
    Answer::accepted(&format!("/submissions/{id}"), &submission)
}

/// What is wrong with a submission, each pointer starting at the body.
pub fn refused(why: &Refused) -> Problem {
    let detail = why.to_string();
    match why {
        Refused::UnknownKind { .. } => Problem::new(Code::UnknownKind, &*detail)
            .with_errors([FieldError::new("/kind", detail)]),
        Refused::UnknownVersion { .. } => Problem::new(Code::UnknownKind, &*detail)
            .with_errors([FieldError::new("/version", detail)]),
        Refused::Payload(faults) => {
            let errors = faults.iter().map(|fault| FieldError {
                line: fault.line.and_then(|line| u32::try_from(line).ok()),
                column: fault.column.and_then(|column| u32::try_from(column).ok()),
                hint: fault.hint.clone(),
                ..FieldError::new(format!("/payload{}", fault.pointer), &*fault.message)
            });
            Problem::new(Code::InvalidPayload, detail).with_errors(errors)
        }
    }
}
