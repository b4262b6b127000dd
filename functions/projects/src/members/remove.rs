//! `DELETE /projects/{id}/members/{user_id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Path, Problem};
use store::access::Role;
use store::audits::{self, NewAudit};
use store::{project_members, projects};
use uuid::Uuid;

/// Take a member out of the project, or leave it oneself.
#[utoipa::path(
    delete, path = "/projects/{id}/members/{user_id}", tag = "projects",
    params(
        ("id" = Uuid, Path, description = "The project"),
        ("user_id" = Uuid, Path, description = "The member's account; one's own to leave"),
    ),
    responses(
        (status = 204, description = "They are not in it any more"),
        (status = 409, description = "This is the last owner (`conflict`)"),
    ),
)]
pub async fn remove_member(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path((id, user_id)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let leaves = user_id == actor.user_id;
    let needed = if leaves { Role::Viewer } else { Role::Owner };
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    projects::lock_for(&tx, actor.as_at_least(needed), id).await?;
    project_members::delete(&tx, id, user_id).await?;
    let action = if leaves {
        "member_left"
    } else {
        "member_removed"
    };
    let audit = NewAudit {
        target_id: Some(id),
        project_id: Some(id),
        meta: serde_json::json!({ "member": user_id }),
        ..actor.audit(&app, "project", action)
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
