//! `DELETE /api-keys/{id}`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Answer, App, Change, Path, Person, Problem};
use store::api_keys;
use store::audits::{self, NewAudit};
use uuid::Uuid;

use super::ApiKey;

/// Revoke an API key: it opens nothing from now on. Doing it again changes nothing.
#[utoipa::path(
    delete, path = "/api-keys/{id}", tag = "api-keys", params(("id" = Uuid, Path, description = "The key")),
    responses((status = 200, description = "What is known of it", body = ApiKey)),
)]
pub async fn revoke_api_key(
    State(app): State<App>,
    Person(actor): Person,
    change: Change,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let key = api_keys::revoke(&tx, actor.user_id, id).await?;
    let audit = NewAudit {
        target_id: Some(id),
        ..actor.audit(&app, "api_key", "revoked")
    };
    audits::insert(&tx, &audit).await?;
    let answer = Answer::ok(&ApiKey::from(key))?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}
