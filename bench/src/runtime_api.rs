//! The Lambda runtime protocol as a function sees it: it asks for an event, and answers it. One event is given out; the
//! second question, which ends the first event's work, waits for ever.
//! Protocol: AWS Lambda Developer Guide, "Using the Lambda runtime API".

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Result;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const REQUEST_ID: &str = "0192d8a4-0000-7000-8000-000000000001";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:bench";

/// What one start of a function was seen to do.
#[derive(Debug)]
pub struct Seen {
    /// It asked for its first event.
    pub ready: Instant,
    /// It answered that event.
    pub answered: Instant,
    /// The answer, or what it said of its failure.
    pub answer: String,
    /// It said that the event could not be handled.
    pub is_failure: bool,
}

/// A server of the protocol for one function, for one event.
#[derive(Debug)]
pub struct RuntimeApi {
    address: String,
    seen: oneshot::Receiver<Seen>,
    server: JoinHandle<()>,
}

struct Expected {
    event: Value,
    progress: Mutex<Progress>,
}

struct Progress {
    ready: Option<Instant>,
    report: Option<oneshot::Sender<Seen>>,
}

impl RuntimeApi {
    /// Listens on this machine, with `event` for whoever asks first.
    pub async fn start(event: Value) -> Result<Self> {
        let (report, seen) = oneshot::channel();
        let expected = Arc::new(Expected {
            event,
            progress: Mutex::new(Progress {
                ready: None,
                report: Some(report),
            }),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/{outcome}",
                post(answered),
            )
            .with_state(expected);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let server = tokio::spawn(async move {
            // the task is stopped, or the bench ends: there is nobody to tell
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            seen,
            server,
        })
    }

    /// Value of `AWS_LAMBDA_RUNTIME_API`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits for the answer to the event.
    pub async fn seen(self) -> Result<Seen> {
        let seen = self.seen.await?;
        self.server.abort();
        Ok(seen)
    }
}

async fn next(State(expected): State<Arc<Expected>>) -> Response {
    let is_first = expected.first_question(Instant::now());
    if !is_first {
        std::future::pending::<()>().await;
    }
    let headers = [
        ("Lambda-Runtime-Aws-Request-Id", REQUEST_ID),
        ("Lambda-Runtime-Invoked-Function-Arn", FUNCTION),
        ("Lambda-Runtime-Deadline-Ms", "4102444800000"),
    ];
    (headers, axum::Json(expected.event.clone())).into_response()
}

async fn answered(
    State(expected): State<Arc<Expected>>,
    Path((_, outcome)): Path<(String, String)>,
    answer: String,
) -> StatusCode {
    expected.answer(Instant::now(), answer, outcome == "error");
    StatusCode::ACCEPTED
}

impl Expected {
    fn first_question(&self, at: Instant) -> bool {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = progress.ready.is_none();
        progress.ready.get_or_insert(at);
        is_first
    }

    fn answer(&self, answered: Instant, answer: String, is_failure: bool) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(ready), Some(report)) = (progress.ready, progress.report.take()) {
            // nobody waits for it any more when the bench was interrupted
            let _ = report.send(Seen {
                ready,
                answered,
                answer,
                is_failure,
            });
        }
    }
}
