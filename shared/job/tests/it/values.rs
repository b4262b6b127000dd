//! Failures, leases and events, as workers and callers use them.

use std::time::Duration;

use job::{Class, EventKind, Failure, Lease};
use serde_json::json;
use uuid::Uuid;

#[test]
fn a_failure_says_what_it_means_for_the_next_attempt() {
    for (failure, class, text) in [
        (
            Failure::retry("crashed", "it crashed"),
            Class::Retry,
            "it crashed (crashed)",
        ),
        (
            Failure::permanent("not_settled", "still moving"),
            Class::Permanent,
            "still moving (not_settled)",
        ),
        (
            Failure::interrupted("the worker stops"),
            Class::Interrupted,
            "the worker stops (interrupted)",
        ),
    ] {
        assert_eq!((failure.class, failure.to_string().as_str()), (class, text));
        assert_eq!(failure.last_words, None);
    }
}

#[test]
fn the_last_words_of_an_engine_are_kept_where_there_are_any() {
    let silent = Failure::retry("crashed", "it crashed");
    let said = silent.clone().with_last_words("segmentation fault");
    assert_eq!(
        serde_json::to_value(&said).unwrap(),
        json!({ "class": "retry", "code": "crashed", "message": "it crashed", "last_words": "segmentation fault" })
    );
    let without = serde_json::to_value(&silent).unwrap();
    assert_eq!(without.get("last_words"), None);
    for failure in [silent, said] {
        let read: Failure =
            serde_json::from_value(serde_json::to_value(&failure).unwrap()).unwrap();
        assert_eq!(read, failure);
    }
}

#[test]
fn two_heartbeats_may_be_lost_before_a_lease_is() {
    let lease = Lease::new(Uuid::from_u128(1));
    assert_eq!(lease.duration, Duration::from_mins(1));
    assert!(lease.heartbeat_every() * 3 < lease.duration);
}

#[test]
fn nothing_follows_an_end_and_something_follows_everything_else() {
    let ends: Vec<&EventKind> = EventKind::ALL
        .iter()
        .filter(|kind| kind.is_final())
        .collect();
    assert_eq!(
        ends,
        [
            &EventKind::Completed,
            &EventKind::Failed,
            &EventKind::Cancelled
        ]
    );
}
