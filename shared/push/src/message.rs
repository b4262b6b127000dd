//! What somebody who watches a job is told.

use job::Event;
use serde_json::{Value, json};
use store::live_watches::Due;
use store::{Transaction, job_events};

/// Events of one message.
const EVENTS: i64 = 100;
/// About as much of events in one message; API Gateway sends 128 KiB.
const BYTES: usize = 64 * 1024;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The message itself.
    pub text: String,
    /// The last event of which the connection knows then.
    pub up_to: i32,
    /// Nothing follows about this job.
    pub is_last: bool,
}

/// The next message of this watch: the events that follow, or that the job is gone.
pub async fn next(tx: &Transaction<'_>, watch: &Due) -> Result<Told, store::Error> {
    let job = watch.job_id;
    let Some((status, event_seq)) = watch.standing else {
        let detail = format!("there is no job {job} any more");
        let text = json!({ "type": "error", "code": "not_found", "detail": detail, "job": job });
        return Ok(Told {
            text: text.to_string(),
            up_to: watch.sent_seq,
            is_last: true,
        });
    };
    let (events, up_to) = fitting(&job_events::list(tx, job, watch.sent_seq, EVENTS).await?);
    let up_to = up_to.unwrap_or(watch.sent_seq);
    let is_last = status.is_final() && up_to == event_seq;
    let kind = if is_last { "end" } else { "events" };
    let text =
        json!({ "type": kind, "job": job, "status": status, "events": events, "next": up_to });
    Ok(Told {
        text: text.to_string(),
        up_to,
        is_last,
    })
}

/// As many events as one message carries, at least one, and the number of the last.
fn fitting(events: &[Event]) -> (Vec<Value>, Option<i32>) {
    let (mut shown, mut bytes, mut up_to) = (Vec::new(), 0, None);
    for event in events {
        let (value, size) = written(event);
        bytes += size;
        if bytes > BYTES && up_to.is_some() {
            break;
        }
        shown.push(value);
        up_to = Some(event.seq);
    }
    (shown, up_to)
}

/// An event as JSON, and its bytes. One that no message could carry comes without its data.
fn written(event: &Event) -> (Value, usize) {
    let value = json!(event);
    let size = value.to_string().len();
    if size <= BYTES {
        return (value, size);
    }
    let omitted = Event {
        data: json!({ "omitted_bytes": size }),
        ..event.clone()
    };
    (json!(omitted), 0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn event(seq: i32, bytes: usize) -> Event {
        Event {
            seq,
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
            kind: job::EventKind::Progress,
            data: json!({ "words": "x".repeat(bytes) }),
        }
    }

    #[test]
    fn a_message_carries_what_fits_and_the_next_one_the_rest() {
        let events = [event(4, 30_000), event(5, 30_000), event(6, 30_000)];
        let (shown, up_to) = fitting(&events);
        assert_eq!((shown.len(), up_to), (2, Some(5)));
        let (shown, up_to) = fitting(&events[2..]);
        assert_eq!((shown.len(), up_to), (1, Some(6)));
        assert_eq!(fitting(&[]), (vec![], None));
    }

    #[test]
    fn an_event_that_no_message_could_carry_comes_without_its_data() {
        let (shown, up_to) = fitting(&[event(7, 200_000), event(8, 10)]);
        assert_eq!((shown.len(), up_to), (2, Some(8)));
        assert_eq!(shown[0]["seq"], 7);
        assert!(shown[0]["data"]["omitted_bytes"].as_u64() > Some(200_000));
        assert_eq!(shown[1]["data"]["words"], "x".repeat(10));
    }
}
