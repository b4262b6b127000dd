//! Job events over WebSockets. One handler for the three events of API Gateway's WebSocket protocol (connected, message,
//! disconnected), whoever speaks it: API Gateway in the cloud, [`local::Gateway`] on one machine. docs/live.md has the
//! messages.

mod connect;
mod event;
pub mod local;
mod message;

use leito_http::{App, Code, Problem};
use push::Push;
use store::live_connections;

pub use event::{Event, Reply};

use event::Kind;

/// What comes of an event. Messages to the client are posted, not answered, so that all of them come in one order.
pub async fn handle(app: &App, event: &Event) -> Reply {
    match answer(app, event).await {
        Ok(()) => Reply::ok(),
        Err(problem) => {
            log(&problem);
            Reply::refused(&problem)
        }
    }
}

async fn answer(app: &App, event: &Event) -> Result<(), Problem> {
    let push = app.live.push().ok_or_else(no_gateway)?;
    let id = event.connection_id();
    match event.kind() {
        Kind::Connect => connect::open(app, push, event).await?,
        Kind::Message => message::obey(app, push, event).await?,
        Kind::Disconnect => forget(app, push, id).await?,
    }
    Ok(())
}

async fn forget(app: &App, push: &dyn Push, id: &str) -> Result<(), store::Error> {
    live_connections::remove(&app.store.client().await?, push.gateway(), &[id]).await
}

fn no_gateway() -> Problem {
    Problem::unavailable(std::io::Error::other("LEITO_LIVE_ENDPOINT is not set"))
}

fn log(problem: &Problem) {
    let code = problem.code().as_str();
    match problem.cause_chain() {
        Some(cause) if problem.code() == Code::Internal => tracing::error!(code, cause, "refused"),
        Some(cause) => tracing::warn!(code, cause, "refused"),
        None => tracing::info!(code, "refused"),
    }
}
