//! One socket, from the handshake to its end.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Gateway;
use crate::Event;

/// A frame and a message of this size end the connection.
const MOST_FRAME_BYTES: usize = 32 * 1024;
const MOST_MESSAGE_BYTES: usize = 128 * 1024;
/// A connection on which nothing was said for so long is closed.
const IDLE: Duration = Duration::from_mins(10);
/// A connection lasts no longer, however much is said on it.
const LIFE: Duration = Duration::from_hours(2);
/// A client that takes nothing for so long is gone.
const TAKES_WITHIN: Duration = Duration::from_secs(10);
/// Messages of the client that wait to be handled; it is not read meanwhile.
const WAITING: usize = 8;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Talks to the client until it or we are done.
pub async fn serve(gateway: &Gateway, id: &str, upgraded: Upgraded) {
    let posted = gateway.hub.open(id);
    let config = WebSocketConfig::default()
        .max_frame_size(Some(MOST_FRAME_BYTES))
        .max_message_size(Some(MOST_MESSAGE_BYTES));
    let io = TokioIo::new(upgraded);
    let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
    let (said, heard) = mpsc::channel(WAITING);
    let talking = talk(gateway, id, socket, posted, said);
    tokio::join!(talking, listen(gateway, heard));
    gateway.hub.close(id);
}

/// One message after the other, while posts go out.
async fn listen(gateway: &Gateway, mut heard: Receiver<Event>) {
    while let Some(event) = heard.recv().await {
        crate::handle(&gateway.app, &event).await;
    }
}

/// Ends with the socket; dropping `said` ends the listening.
async fn talk(
    gateway: &Gateway,
    id: &str,
    mut socket: Socket,
    mut posted: Receiver<String>,
    said: mpsc::Sender<Event>,
) {
    let end_at = Instant::now() + LIFE;
    let mut idle_at = Instant::now() + IDLE;
    let close = loop {
        tokio::select! {
            text = posted.recv() => {
                let Some(text) = text else { break None };
                if !send(&mut socket, Message::text(text)).await {
                    break None;
                }
            }
            message = socket.next() => match received(id, message) {
                Received::Event(event) => if said.send(event).await.is_err() { break None },
                Received::Nothing => {}
                Received::TooLarge => break Some((CloseCode::Size, "a message is too large")),
                Received::End => break None,
            },
            () = sleep_until(idle_at) => break Some((CloseCode::Away, "nothing was said for long")),
            () = sleep_until(end_at) => break Some((CloseCode::Away, "two hours are over; open another")),
            () = gateway.stop.cancelled() => break Some((CloseCode::Away, "Leito stops")),
        }
        idle_at = Instant::now() + IDLE;
    };
    if let Some((code, reason)) = close {
        let reason = reason.into();
        send(
            &mut socket,
            Message::Close(Some(CloseFrame { code, reason })),
        )
        .await;
    }
}

enum Received {
    Event(Event),
    Nothing,
    TooLarge,
    End,
}

fn received(id: &str, message: Option<Result<Message, Error>>) -> Received {
    match message {
        Some(Ok(Message::Text(text))) => {
            Received::Event(Event::message(id, text.as_str().to_owned(), false))
        }
        Some(Ok(Message::Binary(_))) => Received::Event(Event::message(id, String::new(), true)),
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Received::Nothing,
        Some(Err(Error::Capacity(_))) => Received::TooLarge,
        Some(Ok(Message::Close(_)) | Err(_)) | None => Received::End,
    }
}

/// Says whether the client took it.
async fn send(socket: &mut Socket, message: Message) -> bool {
    matches!(
        timeout(TAKES_WITHIN, socket.send(message)).await,
        Ok(Ok(()))
    )
}
