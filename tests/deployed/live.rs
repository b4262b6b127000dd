//! Job events over the deployed WebSocket API.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use system_tests::Deployment;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::api::Api;

type Socket = WebSocketStream<TcpStream>;

/// Watches a job from now to its end, like a page in a browser; ends with the numbers of its events and its status.
pub async fn watching(
    deployment: &Deployment,
    api: &Api,
    job: &str,
) -> JoinHandle<(Vec<i64>, Value)> {
    assert!(open(deployment, "unknown").await.is_err());
    let answer = api.post("/jobs/tickets", &json!({})).await;
    let ticket = answer["ticket"].as_str().unwrap();
    let mut socket = open(deployment, ticket).await.unwrap();
    assert!(open(deployment, ticket).await.is_err(), "it is good once");
    let watch = json!({ "action": "watch", "job": job });
    socket.send(Message::text(watch.to_string())).await.unwrap();
    tokio::spawn(until_end(socket))
}

async fn open(deployment: &Deployment, ticket: &str) -> Result<Socket, Error> {
    let api = deployment.url("").unwrap();
    let (emulator, _) = api.split_once("/_aws/").unwrap();
    let address = emulator.trim_start_matches("http://");
    let live = deployment.output("LiveApiId").unwrap();
    let target = format!("ws://{address}/_aws/execute-api/{live}/live?ticket={ticket}");
    let stream = TcpStream::connect(address).await.unwrap();
    Ok(client_async(target, stream).await?.0)
}

async fn until_end(mut socket: Socket) -> (Vec<i64>, Value) {
    let mut seen = Vec::new();
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message.unwrap() else {
            continue;
        };
        let told: Value = serde_json::from_str(&text).unwrap();
        let events = told["events"].as_array().expect("nothing but events");
        seen.extend(events.iter().map(|event| event["seq"].as_i64().unwrap()));
        if told["type"] == "end" {
            return (seen, told["status"].clone());
        }
    }
    panic!("closed after {seen:?}");
}
