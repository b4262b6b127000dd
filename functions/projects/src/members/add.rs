//! `POST /projects/{id}/members`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Code, FieldError, Json, Path, Problem};
use serde::Deserialize;
use store::audits::{self, NewAudit};
use store::{Error, access, project_members, projects, users};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Member;
use crate::view::Role;

/// Somebody to take in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// The address of their account.
    #[schema(example = "ada@example.org", format = "email", max_length = 254)]
    email: String,
    /// What they may do.
    role: Role,
}

/// Take somebody into the project.
#[utoipa::path(
    post, path = "/projects/{id}/members", tag = "projects",
    params(("id" = Uuid, Path, description = "The project")), request_body = NewMember,
    responses(
        (status = 201, description = "The member", body = Member),
        (status = 409, description = "They are in it already (`conflict`)"),
        (status = 422, description = "Nobody has an account with this address"),
    ),
)]
pub async fn add_member(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
    Json(new): Json<NewMember>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    projects::lock_for(&tx, actor.as_at_least(access::Role::Owner), id).await?;
    let user = users::find_by_email(&tx, new.email.trim()).await?;
    let user = user.ok_or_else(unknown)?;
    project_members::insert(&tx, id, user.id, new.role.into())
        .await
        .map_err(in_already)?;
    let member = Member::from(project_members::get(&tx, id, user.id).await?);
    let audit = NewAudit {
        target_id: Some(id),
        project_id: Some(id),
        meta: serde_json::json!({ "member": user.id, "role": new.role }),
        ..actor.audit(&app, "project", "member_added")
    };
    audits::insert(&tx, &audit).await?;
    let path = format!("/projects/{id}/members/{}", user.id);
    let answer = Answer::created(&path, &member)?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

fn unknown() -> Problem {
    let message = "nobody has an account with this address; ask them to register first";
    Problem::new(Code::InvalidBody, message).with_errors([FieldError::new("/email", message)])
}

fn in_already(error: Error) -> Problem {
    match error {
        Error::Conflict { ref constraint, .. } if constraint == "project_members_pkey" => {
            let detail = "they are in the project already; change their role instead";
            Problem::new(Code::Conflict, detail)
        }
        error => error.into(),
    }
}
