//! `POST /api-keys`

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{Answer, App, Change, Code, FieldError, Json, Person, Problem, auth, secret};
use serde::{Deserialize, Serialize};
use store::api_keys::{self, NewKey};
use store::audits::{self, NewAudit};
use store::users;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiKey, Scope};
use crate::register;

/// Keys of one person that open something.
const MOST: i64 = 100;

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for.
    #[schema(example = "nightly sweep", min_length = 1, max_length = 100)]
    name: String,
    /// What it may do: `read`, `write` or both.
    #[schema(example = json!(["read"]), min_items = 1)]
    scopes: BTreeSet<Scope>,
    /// When it ends by itself; left out, it is good until it is revoked.
    expires_at: Option<jiff::Timestamp>,
}

/// A new key.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeApiKey {
    /// The key itself. Nobody can show it again.
    #[schema(example = "leito_3f9a01…")]
    key: String,
    /// What is known of it from now on.
    #[serde(flatten)]
    about: ApiKey,
}

/// Make an API key.
///
/// It stands for its owner in everything but changes of accounts and keys. Send it as `Authorization: Bearer`.
#[utoipa::path(
    post, path = "/api-keys", tag = "api-keys", request_body = NewApiKey,
    responses(
        (status = 201, description = "The key, shown once", body = MadeApiKey),
        (status = 409, description = "There are too many keys (`conflict`)"),
    ),
)]
pub async fn create_api_key(
    State(app): State<App>,
    Person(actor): Person,
    change: Change,
    Json(wanted): Json<NewApiKey>,
) -> Result<Response, Problem> {
    let (key, new) = wanted.made(&app, actor.user_id)?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    users::lock(&tx, actor.user_id).await?; // so that the count holds
    if api_keys::count(&tx, actor.user_id).await? >= MOST {
        let detail = format!("there are {MOST} keys already; revoke one");
        return Err(Problem::new(Code::Conflict, detail));
    }
    let about = ApiKey::from(api_keys::insert(&tx, &new).await?);
    let audit = NewAudit {
        target_id: Some(new.id),
        meta: serde_json::json!({ "name": new.name, "scopes": new.scopes }),
        ..actor.audit(&app, "api_key", "created")
    };
    audits::insert(&tx, &audit).await?;
    let path = format!("/api-keys/{}", new.id);
    let answer = Answer::created(&path, &MadeApiKey { key, about })?.shown_once();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

impl NewApiKey {
    /// The key and what to keep of it, or everything that is wrong with the wish.
    fn made(self, app: &App, user_id: Uuid) -> Result<(String, NewKey), Problem> {
        let name = self.name.trim();
        let mut errors = Vec::new();
        if !(1..=100).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            let message = "a name has 1 to 100 characters, all of them visible";
            errors.push(FieldError::new("/name", message));
        }
        if self.scopes.is_empty() {
            let message = "say what the key may do: `read`, `write` or both";
            errors.push(FieldError::new("/scopes", message));
        }
        if self.expires_at.is_some_and(|end| end <= app.clock.now()) {
            let message = "the end has to lie in the future";
            errors.push(FieldError::new("/expires_at", message));
        }
        if !errors.is_empty() {
            return Err(register::refused(errors));
        }
        let (key, key_hash) = secret::new(auth::KEY_PREFIX)?;
        let new = NewKey {
            id: app.ids.next(),
            user_id,
            name: name.to_owned(),
            hint: secret::hint(&key),
            key_hash,
            scopes: self
                .scopes
                .iter()
                .map(|it| it.as_str().to_owned())
                .collect(),
            expires_at: self.expires_at,
        };
        Ok((key, new))
    }
}
