use std::time::Duration;

use job::{Class, EventKind, Kind, Message, Status, backoff};
use uuid::Uuid;

#[test]
fn every_word_reads_back_and_is_the_json_word_too() {
    fn check<T>(all: &[T])
    where
        T: Copy + ToString + std::str::FromStr + PartialEq + std::fmt::Debug + serde::Serialize,
        T::Err: std::fmt::Debug,
    {
        for value in all {
            assert_eq!(value.to_string().parse::<T>().unwrap(), *value);
            assert_eq!(
                serde_json::to_value(value).unwrap(),
                serde_json::json!(value.to_string())
            );
        }
    }
    check(Kind::ALL);
    check(Status::ALL);
    check(Class::ALL);
    check(EventKind::ALL);
}

#[test]
fn an_unknown_word_is_named_in_the_error() {
    assert_eq!(
        "paused".parse::<Status>().unwrap_err().to_string(),
        "unknown job status `paused`"
    );
}

#[test]
fn a_message_carries_the_id_and_nothing_else() {
    let message = Message {
        job_id: Uuid::from_u128(7),
    };
    assert_eq!(message.to_json(), serde_json::to_string(&message).unwrap());
    assert_eq!(Message::parse(&message.to_json()).unwrap(), message);
}

#[test]
fn a_body_that_names_no_job_is_refused() {
    for body in ["", "null", "{}", r#"{"job_id":"x"}"#, "[1]"] {
        assert!(Message::parse(body).is_err(), "{body}");
    }
}

#[test]
fn backoff_grows_and_stays_bounded() {
    let waits: Vec<u64> = (1..=6).map(|attempt| backoff(attempt).as_secs()).collect();
    assert_eq!(waits, [2, 8, 32, 128, 300, 300]);
    assert_eq!(backoff(0), Duration::from_secs(2));
    assert_eq!(backoff(i32::MAX), Duration::from_mins(5));
}
