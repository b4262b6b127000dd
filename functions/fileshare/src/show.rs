//! `GET /fileshare/{id}`

use axum::extract::State;
use leito_http::{Actor, App, Json, Path, Problem};
use store::fileshare_items;
use uuid::Uuid;

use crate::view::ShareLink;

/// A share link, for who made it and for owners of its project.
#[utoipa::path(
    get, path = "/fileshare/{id}", tag = "share links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, description = "Its state and its downloads", body = ShareLink)),
)]
pub async fn show_share_link(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<ShareLink>, Problem> {
    let client = app.store.client().await?;
    let link = fileshare_items::get(&client, actor.user_id, id).await?;
    Ok(Json(ShareLink::new(link, app.clock.now())))
}
