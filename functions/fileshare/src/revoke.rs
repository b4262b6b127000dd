//! `DELETE /fileshare/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, Answer, App, Change, Path, Problem};
use store::audits::{self, NewAudit};
use store::fileshare_items;
use uuid::Uuid;

/// End a share link at once.
///
/// For who made it and for owners of its project. It stays in the list as `revoked`; ending it again changes nothing.
#[utoipa::path(
    delete, path = "/fileshare/{id}", tag = "share links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 204, description = "The link leads nowhere any more")),
)]
pub async fn revoke_share_link(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let link = fileshare_items::get(&tx, actor.user_id, id).await?;
    if fileshare_items::revoke(&tx, actor.user_id, id, app.clock.now()).await? {
        let audit = NewAudit {
            target_id: Some(id),
            project_id: Some(link.project_id),
            ..actor.audit(&app, "share_link", "revoked")
        };
        audits::insert(&tx, &audit).await?;
    }
    let answer = Answer::no_content();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
