//! The Lambda runtime API as far as a function needs it (AWS Lambda Developer Guide, "Using the Lambda runtime API"): the
//! test hands over events one by one and gets the function's answers.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use runtime::{Clock, SystemClock};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

/// Far more than an answer takes.
const LIMIT: Duration = Duration::from_mins(3);

/// A server for one function.
pub struct RuntimeApi {
    /// Value of `AWS_LAMBDA_RUNTIME_API`.
    pub address: String,
    events: Sender<Invocation>,
    answers: Receiver<(String, Value)>,
}

struct Invocation {
    event: Value,
    time: Duration,
}

struct Line {
    events: Mutex<Receiver<Invocation>>,
    answers: Sender<(String, Value)>,
}

impl RuntimeApi {
    pub async fn start() -> Self {
        let (events, to_hand_out) = channel(1);
        let (told, answers) = channel(1);
        let line = Line {
            events: Mutex::new(to_hand_out),
            answers: told,
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/{outcome}",
                post(answered),
            )
            .with_state(Arc::new(line));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            events,
            answers,
        }
    }

    /// The function's answer to an event for which it has so long.
    pub async fn invoke(&mut self, event: Value, time: Duration) -> Value {
        self.events.send(Invocation { event, time }).await.unwrap();
        let answered = timeout(LIMIT, self.answers.recv()).await;
        let (outcome, answer) = answered.expect("an answer in time").unwrap();
        assert_eq!(outcome, "response", "{answer}");
        answer
    }
}

async fn next(State(line): State<Arc<Line>>) -> Response {
    let Some(Invocation { event, time }) = line.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response(); // the test is over
    };
    let deadline = (SystemClock.now() + time).as_millisecond().to_string();
    let headers = [
        ("Lambda-Runtime-Aws-Request-Id", "one-of-a-test"),
        (
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:us-east-1:000000000000:function:bed-packer",
        ),
        ("Lambda-Runtime-Deadline-Ms", &deadline),
    ];
    (headers, axum::Json(event)).into_response()
}

async fn answered(
    State(line): State<Arc<Line>>,
    Path((_, outcome)): Path<(String, String)>,
    answer: String,
) -> StatusCode {
    let answer = serde_json::from_str(&answer).unwrap();
    line.answers.send((outcome, answer)).await.unwrap();
    StatusCode::ACCEPTED
}
