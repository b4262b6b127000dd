//! What a client says: watch a job, stop watching it, or nothing but that it is there.

use leito_http::{App, Code, FieldError, Problem, from_json};
use push::{NotSent, Push};
use serde::Deserialize;
use serde_json::{Value, json};
use store::access::{Access, Role};
use store::live_watches::{self, Added};
use store::{Transaction, live_connections};
use uuid::Uuid;

use crate::{Event, forget, log};

/// A message has three short fields.
const MOST_BYTES: usize = 4096;
/// Jobs that one connection may watch at a time.
const MOST_WATCHES: i64 = 100;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    action: Action,
    job: Option<Uuid>,
    after: Option<i32>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Watch,
    Unwatch,
    Ping,
}

/// A message that makes sense.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Watch { job: Uuid, after: i32 },
    Unwatch(Uuid),
    Ping,
}

/// Does what the message says and posts what there is to say about it; whatever a watch lacks follows.
pub async fn obey(app: &App, push: &dyn Push, event: &Event) -> Result<(), Problem> {
    let id = event.connection_id();
    let said = match understood(event) {
        Ok(wish) => fulfil(app, push, id, wish).await,
        Err(problem) => Err(problem),
    };
    let said = said.unwrap_or_else(|problem| Some(refusal(&problem)));
    if let Some(said) = said {
        match push.post(id, said.to_string()).await {
            Ok(()) => {}
            Err(NotSent::Gone) => forget(app, push, id).await?,
            Err(NotSent::Failed(why)) => tracing::warn!(why, "an answer was not sent"),
        }
    }
    // Also for others: while the connection was held here, they passed it over.
    app.live.announce(&app.store).await;
    Ok(())
}

fn understood(event: &Event) -> Result<Wish, Problem> {
    let bytes = Problem::new(Code::InvalidJson, "messages are text, not bytes");
    let text = event.text().ok_or(bytes)?;
    if text.len() > MOST_BYTES {
        let detail = format!("a message may have {} KiB", MOST_BYTES / 1024);
        return Err(Problem::new(Code::TooLarge, detail));
    }
    let message: Message = from_json(text.as_bytes())?;
    match (message.action, message.job, message.after) {
        (Action::Watch, Some(job), after) => match after.unwrap_or(0) {
            after @ 0.. => Ok(Wish::Watch { job, after }),
            _ => Err(invalid("/after", "`after` is the number of an event, or 0")),
        },
        (Action::Unwatch, Some(job), None) => Ok(Wish::Unwatch(job)),
        (Action::Ping, None, None) => Ok(Wish::Ping),
        (Action::Watch | Action::Unwatch, None, _) => Err(invalid("/job", "which `job`?")),
        (Action::Unwatch, _, Some(_)) => Err(invalid("/after", "`unwatch` takes only a `job`")),
        (Action::Ping, ..) => Err(invalid("/action", "`ping` takes nothing else")),
    }
}

/// The answer; none to a watch, about which the first of its messages says it.
async fn fulfil(
    app: &App,
    push: &dyn Push,
    id: &str,
    wish: Wish,
) -> Result<Option<Value>, Problem> {
    let mut client = app.store.client().await?;
    let tx = client.transaction().await.map_err(store::Error::from)?;
    let gone = || Problem::new(Code::Conflict, "this connection was given up; open another");
    let user_id = live_connections::hold(&tx, push.gateway(), id).await?;
    let user_id = user_id.ok_or_else(gone)?;
    let said = match wish {
        Wish::Watch { job, after } => {
            let by = Access {
                user_id,
                at_least: Role::Viewer,
            };
            watch(&tx, by, id, (job, after)).await?;
            None
        }
        Wish::Unwatch(job) => {
            if !live_watches::remove(&tx, id, job).await? {
                let detail = format!("this connection does not watch job {job}");
                return Err(Problem::new(Code::NotFound, detail));
            }
            Some(json!({ "type": "unwatched", "job": job }))
        }
        Wish::Ping => Some(json!({ "type": "pong" })),
    };
    tx.commit().await.map_err(store::Error::from)?;
    Ok(said)
}

async fn watch(
    tx: &Transaction<'_>,
    by: Access,
    id: &str,
    from: (Uuid, i32),
) -> Result<(), Problem> {
    let (job, after) = from;
    let detail = match live_watches::add(tx, by, id, from, MOST_WATCHES).await? {
        Added::Watched => return Ok(()),
        Added::NoSuchEvent(last) => {
            let detail = format!("job {job} has {last} events, none after {after}");
            return Err(invalid("/after", &detail));
        }
        Added::Already => format!("this connection watches job {job} already"),
        Added::TooMany => format!("this connection watches {MOST_WATCHES} jobs; unwatch one first"),
    };
    Err(Problem::new(Code::Conflict, detail))
}

fn invalid(pointer: &str, detail: &str) -> Problem {
    let error = FieldError::new(pointer, detail);
    Problem::new(Code::InvalidBody, detail).with_errors([error])
}

fn refusal(problem: &Problem) -> Value {
    log(problem);
    let mut said = json!({ "type": "error", "code": problem.code(), "detail": problem.detail() });
    if !problem.errors().is_empty() {
        said["errors"] = json!(problem.errors());
    }
    said
}
