//! Job events as they come, over one WebSocket for all the jobs.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;
use futures::{SinkExt, StreamExt};
use job::{Event, Status};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::interval;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

use crate::exit;

/// Well below the silence after which a connection is closed.
const PING_EVERY: Duration = Duration::from_mins(5);

type Socket = WebSocketStream<TcpStream>;

/// What the system tells.
#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    job: Option<Uuid>,
    status: Option<Status>,
    #[serde(default)]
    events: Vec<Event>,
    detail: Option<String>,
}

/// Prints the events of these jobs until all of them have ended; done when all were completed.
pub async fn watch(address: &str, key: &str, jobs: &[Uuid], json: bool) -> Result<ExitCode> {
    let mut socket = open(address, key).await?;
    let mut left: BTreeSet<Uuid> = jobs.iter().copied().collect();
    for job in &left {
        say(&mut socket, &json!({ "action": "watch", "job": job })).await?;
    }
    let mut all_completed = true;
    let mut pings = interval(PING_EVERY);
    while !left.is_empty() {
        let message = tokio::select! {
            message = socket.next() => message.context("Leito closed the connection")??,
            _ = pings.tick() => {
                say(&mut socket, &json!({ "action": "ping" })).await?;
                continue;
            }
        };
        let Message::Text(text) = message else {
            continue;
        };
        let told: Told = serde_json::from_str(&text)?;
        if let Some(job) = told.job {
            told.events.iter().for_each(|event| print(job, event, json));
        }
        match (told.kind.as_str(), told.job) {
            ("end", Some(job)) => {
                left.remove(&job);
                all_completed &= told.status == Some(Status::Completed);
            }
            ("error", _) => bail!(exit::BadInput(told.detail.unwrap_or_default())),
            _ => {}
        }
    }
    let code = if all_completed {
        exit::DONE
    } else {
        exit::FAILED
    };
    Ok(ExitCode::from(code))
}

async fn open(address: &str, key: &str) -> Result<Socket> {
    let host = address.trim_start_matches("http://");
    let mut request = format!("ws://{host}{}", live::local::PATH).into_client_request()?;
    let bearer = HeaderValue::from_str(&format!("Bearer {key}"))?;
    request.headers_mut().insert(AUTHORIZATION, bearer);
    let stream = TcpStream::connect(host).await;
    let stream = stream.with_context(|| format!("nothing answers at {address}"))?;
    let opened = client_async(request, stream).await;
    let refused = |error| anyhow!("the connection to {address} was refused: {error}");
    Ok(opened.map_err(refused)?.0)
}

async fn say(socket: &mut Socket, message: &Value) -> Result<()> {
    Ok(socket.send(Message::text(message.to_string())).await?)
}

fn print(job: Uuid, event: &Event, json: bool) {
    if json {
        println!("{}", json!({ "job": job, "event": event }));
    } else {
        println!(
            "{}  {job}  {:16} {}",
            event.at,
            event.kind.as_str(),
            event.data
        );
    }
}
