//! `PUT /projects/{id}/members/{user_id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Json, Path, Problem};
use serde::Deserialize;
use store::audits::{self, NewAudit};
use store::{access, project_members, projects};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Member;
use crate::view::Role;

/// What a member is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberRole {
    /// What they may do.
    role: Role,
}

/// Give a member another role.
#[utoipa::path(
    put, path = "/projects/{id}/members/{user_id}", tag = "projects", request_body = MemberRole,
    params(
        ("id" = Uuid, Path, description = "The project"),
        ("user_id" = Uuid, Path, description = "The member's account"),
    ),
    responses(
        (status = 200, description = "The member as it is now", body = Member),
        (status = 409, description = "This is the last owner (`conflict`)"),
    ),
)]
pub async fn change_member(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path((id, user_id)): Path<(Uuid, Uuid)>,
    Json(wanted): Json<MemberRole>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    projects::lock_for(&tx, actor.as_at_least(access::Role::Owner), id).await?;
    let member = project_members::set_role(&tx, id, user_id, wanted.role.into()).await?;
    let audit = NewAudit {
        target_id: Some(id),
        project_id: Some(id),
        meta: serde_json::json!({ "member": user_id, "role": wanted.role }),
        ..actor.audit(&app, "project", "member_changed")
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::ok(&Member::from(member))?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
