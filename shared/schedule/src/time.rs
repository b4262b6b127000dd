//! Which of its times a schedule runs for.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

/// The field of the event in which EventBridge gives the time.
const FIELD: &str = "scheduled_for";

/// The time an event is for: what the event says, or, where it says nothing readable, the schedule's latest time.
/// (The emulator hands EventBridge's placeholder over as it is written.)
pub fn due(event: &Value, now: Timestamp, every: Duration) -> Timestamp {
    let said = event[FIELD].as_str().and_then(|text| text.parse().ok());
    said.unwrap_or_else(|| previous_and_next(now, every).0)
}

/// The schedule's latest time, `now` itself included, and the one after it.
pub fn previous_and_next(now: Timestamp, every: Duration) -> (Timestamp, Timestamp) {
    let every = i64::try_from(every.as_secs()).unwrap_or(i64::MAX).max(1);
    let latest = now.as_second() - now.as_second().rem_euclid(every);
    let at = |second| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
    (at(latest), at(latest.saturating_add(every)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_is_a_whole_multiple_of_the_period() {
        let minute = Duration::from_mins(1);
        let expected = (at("2026-03-01T10:07:00Z"), at("2026-03-01T10:08:00Z"));
        assert_eq!(
            previous_and_next(at("2026-03-01T10:07:59.9Z"), minute),
            expected
        );
        assert_eq!(
            previous_and_next(at("2026-03-01T10:07:00Z"), minute),
            expected
        );
        let day = Duration::from_hours(24);
        assert_eq!(
            previous_and_next(at("2026-03-01T10:07:00Z"), day).1,
            at("2026-03-02T00:00:00Z")
        );
    }

    #[test]
    fn the_event_says_the_time_and_the_clock_does_where_it_does_not() {
        let (now, hour) = (at("2026-03-01T10:07:59Z"), Duration::from_hours(1));
        let said = json!({ "scheduled_for": "2026-03-01T09:00:00Z" });
        assert_eq!(due(&said, now, hour), at("2026-03-01T09:00:00Z"));
        for nothing in [
            json!({}),
            json!(null),
            json!({ "scheduled_for": "<aws.scheduler.scheduled-time>" }),
        ] {
            assert_eq!(due(&nothing, now, hour), at("2026-03-01T10:00:00Z"));
        }
    }
}
