//! Events as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{self, KeepAlive, Sse};
use futures::stream::{self, Stream};
use job::Event;
use tokio::time::Instant;

use super::follow::Follower;

/// A comment line this often keeps proxies from closing a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// When a browser comes back after the stream has ended.
const COME_BACK_AFTER: Duration = Duration::from_secs(1);

struct Reading {
    follower: Follower,
    ready: VecDeque<Event>,
    end: Instant,
    over: bool,
}

/// The events from the follower's place on, until the final one, a failure of ours, or the time is up.
pub fn of(follower: Follower) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let end = Instant::now() + follower.stream_for();
    let reading = Reading {
        follower,
        ready: VecDeque::new(),
        end,
        over: false,
    };
    Sse::new(stream::unfold(reading, step)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

async fn step(mut reading: Reading) -> Option<(Result<sse::Event, Infallible>, Reading)> {
    if reading.over {
        return None;
    }
    if reading.ready.is_empty() {
        let left = reading.end.saturating_duration_since(Instant::now());
        // The head of the answer is out: all a failure can do is end the stream, and the reader comes back.
        reading.ready = reading.follower.next(left).await.ok()?.into();
    }
    let event = reading.ready.pop_front()?;
    reading.over = event.kind.is_final();
    Some((Ok(written(&event)), reading))
}

fn written(event: &Event) -> sse::Event {
    let shown = sse::Event::default()
        .id(event.seq.to_string())
        .event(event.kind.as_str())
        .retry(COME_BACK_AFTER);
    shown
        .json_data(event)
        .unwrap_or_else(|_| sse::Event::default().comment("unreadable event"))
}
