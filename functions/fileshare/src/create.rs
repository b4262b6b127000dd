//! `POST /fileshare`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use leito_http::{Actor, Answer, App, Change, Code, FieldError, Json, Problem, password, secret};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::access::Role;
use store::audits::{self, NewAudit};
use store::fileshare_items::{self, Shared};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::view::ShareLink;

const TOKEN_PREFIX: &str = "s_";
/// Days a link is good when its author does not say.
const DAYS: u16 = 7;
const MAX_DAYS: u16 = 365;
const MAX_DOWNLOADS: i32 = 1_000_000;
const PASSWORD: std::ops::RangeInclusive<usize> = 4..=200;

/// What to share, and with which limits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShareLink {
    /// The file, or
    file_id: Option<Uuid>,
    /// the simulation with its numbers and all its files.
    simulation_id: Option<Uuid>,
    /// Days from now; 7 when neither this nor `expires_at` is said.
    #[schema(minimum = 1, maximum = 365)]
    expires_in_days: Option<u16>,
    /// Or the very moment, at most 365 days from now.
    expires_at: Option<Timestamp>,
    /// What a visitor has to know, 4 to 200 characters; none: the link is enough.
    #[schema(min_length = 4, max_length = 200)]
    password: Option<String>,
    /// Downloads that it is good for; none: any number.
    #[schema(minimum = 1, maximum = 1_000_000)]
    max_downloads: Option<i32>,
}

/// The link, and what is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Created {
    /// The secret of the link. Leito keeps its hash alone: nobody can be told it again.
    #[schema(example = "s_4f…")]
    token: String,
    /// Where the link leads, below the address of this service.
    #[schema(example = "/s/s_4f…")]
    path: String,
    /// The link itself.
    link: ShareLink,
}

/// Share a file or a study.
///
/// Whoever has the link can fetch it without an account, until it expires, is revoked, or its downloads are used up; and
/// no longer than its author may share it. Only editors and owners of the project can share.
#[utoipa::path(
    post, path = "/fileshare", tag = "share links", request_body = NewShareLink,
    responses(
        (status = 201, description = "The link with its token, which is shown this once", body = Created),
        (status = 404, description = "There is no such file or simulation"),
        (status = 409, description = "The answer to this idempotency key held a token, and is not kept (`already_answered`)"),
    ),
)]
pub async fn create_share_link(
    State(app): State<App>,
    actor: Actor,
    change: Change,
    Json(new): Json<NewShareLink>,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let (shared, expires_at) = new.checked(now)?;
    let password_hash = match new.password {
        Some(password) => Some(password::hash(password).await?),
        None => None,
    };
    let (token, token_hash) = secret::new(TOKEN_PREFIX)?;
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let by = actor.as_at_least(Role::Editor);
    let link = fileshare_items::NewLink {
        id: app.ids.next(),
        token_hash,
        project_id: fileshare_items::project_of(&tx, by, shared).await?,
        user_id: actor.user_id,
        shared,
        password_hash,
        max_downloads: new.max_downloads,
        created_at: now,
        expires_at,
    };
    fileshare_items::insert(&tx, &link).await?;
    audits::insert(&tx, &audit(&app, &actor, &link)).await?;
    let created = Created {
        path: format!("/s/{token}"),
        token,
        link: ShareLink::new(
            fileshare_items::get(&tx, actor.user_id, link.id).await?,
            now,
        ),
    };
    let answer = Answer::created(&format!("/fileshare/{}", link.id), &created)?.shown_once();
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

fn audit(app: &App, actor: &Actor, link: &fileshare_items::NewLink) -> NewAudit {
    let what = match link.shared {
        Shared::File(id) => json!({ "file_id": id }),
        Shared::Simulation(id) => json!({ "simulation_id": id }),
    };
    NewAudit {
        target_id: Some(link.id),
        project_id: Some(link.project_id),
        meta: json!({
            "shared": what, "expires_at": link.expires_at, "max_downloads": link.max_downloads,
            "has_password": link.password_hash.is_some(),
        }),
        ..actor.audit(app, "share_link", "created")
    }
}

impl NewShareLink {
    /// What it leads to and when it ends, or everything that is wrong.
    fn checked(&self, now: Timestamp) -> Result<(Shared, Timestamp), Problem> {
        let mut wrong = Vec::new();
        let shared = match (self.file_id, self.simulation_id) {
            (Some(id), None) => Some(Shared::File(id)),
            (None, Some(id)) => Some(Shared::Simulation(id)),
            _ => {
                wrong.push(FieldError::new(
                    "",
                    "say either `file_id` or `simulation_id`",
                ));
                None
            }
        };
        let expires_at = self.end(now).map_err(|error| wrong.push(error)).ok();
        let length = self.password.as_ref().map(|it| it.chars().count());
        if length.is_some_and(|length| !PASSWORD.contains(&length)) {
            wrong.push(FieldError::new(
                "/password",
                "a password has 4 to 200 characters",
            ));
        }
        if self
            .max_downloads
            .is_some_and(|most| !(1..=MAX_DOWNLOADS).contains(&most))
        {
            let message = format!("downloads are counted from 1 to {MAX_DOWNLOADS}");
            wrong.push(FieldError::new("/max_downloads", message));
        }
        match (shared, expires_at) {
            (Some(shared), Some(expires_at)) if wrong.is_empty() => Ok((shared, expires_at)),
            _ => {
                Err(Problem::new(Code::InvalidBody, "no such link can be made").with_errors(wrong))
            }
        }
    }

    fn end(&self, now: Timestamp) -> Result<Timestamp, FieldError> {
        let after = |days: u16| now + SignedDuration::from_hours(24 * i64::from(days));
        match (self.expires_in_days, self.expires_at) {
            (None, None) => Ok(after(DAYS)),
            (Some(days), None) if (1..=MAX_DAYS).contains(&days) => Ok(after(days)),
            (Some(_), None) => Err(FieldError::new(
                "/expires_in_days",
                format!("a link lives 1 to {MAX_DAYS} days"),
            )),
            (None, Some(at)) if at > now && at <= after(MAX_DAYS) => Ok(at),
            (None, Some(_)) => {
                let message =
                    format!("a link ends in the future, at most {MAX_DAYS} days from now");
                Err(FieldError::new("/expires_at", message))
            }
            (Some(_), Some(_)) => Err(FieldError::new(
                "/expires_at",
                "say either `expires_in_days` or `expires_at`",
            )),
        }
    }
}
