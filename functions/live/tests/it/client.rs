//! A client of the kind that people have.

use std::net::SocketAddr;

use axum::http::{HeaderValue, StatusCode};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

use crate::support::PATIENCE;

pub struct Client(WebSocketStream<TcpStream>);

impl Client {
    /// Opens a socket, or gives the status of the refusal.
    pub async fn open(
        address: SocketAddr,
        target: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, StatusCode> {
        let mut request = format!("ws://{address}{target}")
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().insert(*name, value);
        }
        let stream = TcpStream::connect(address).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    pub async fn watch(&mut self, job: Uuid, after: i32) {
        self.say(&json!({ "action": "watch", "job": job, "after": after }))
            .await;
    }

    /// The next message.
    pub async fn hear(&mut self) -> Value {
        let heard = timeout(PATIENCE, self.0.next())
            .await
            .expect("nothing was heard");
        match heard {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// The next message, which is an error of this kind.
    pub async fn hears_error(&mut self, code: &str) -> String {
        let heard = self.hear().await;
        assert_eq!(
            (&heard["type"], &heard["code"]),
            (&json!("error"), &json!(code)),
            "{heard}"
        );
        heard["detail"].as_str().unwrap().to_owned()
    }

    /// The numbers of all events of this job until its end, and the status that it ends with.
    pub async fn until_end(&mut self, job: Uuid) -> (Vec<i64>, Value) {
        let mut seen = Vec::new();
        loop {
            let heard = self.hear().await;
            assert_eq!(heard["job"], json!(job), "{heard}");
            let events = heard["events"].as_array().expect("events").iter();
            seen.extend(events.map(|event| event["seq"].as_i64().unwrap()));
            if heard["type"] == "end" {
                return (seen, heard["status"].clone());
            }
        }
    }

    /// Waits for the server to close, and says why it did.
    pub async fn closed(&mut self) -> CloseCode {
        match timeout(PATIENCE, self.0.next())
            .await
            .expect("it is not closed")
        {
            Some(Ok(Message::Close(Some(CloseFrame { code, .. })))) => code,
            other => panic!("{other:?}"),
        }
    }

    pub async fn close(mut self) {
        self.0.close(None).await.unwrap();
    }
}
