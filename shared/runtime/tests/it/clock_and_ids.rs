use jiff::{SignedDuration, Timestamp};
use runtime::{Clock, FixedClock, Ids, SequentialIds, SystemIds};

#[test]
fn a_fixed_clock_moves_only_when_told() {
    let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
    assert_eq!(clock.now(), clock.now());
    clock.advance(SignedDuration::from_secs(90));
    assert_eq!(clock.now().as_second(), 90);
}

#[test]
fn system_ids_sort_in_the_order_they_were_made() {
    let made: Vec<_> = (0..1000).map(|_| SystemIds.next()).collect();
    assert!(made.is_sorted());
}

#[test]
fn sequential_ids_count_from_one() {
    let ids = SequentialIds::default();
    assert_eq!(ids.next().as_u128(), 1);
    assert_eq!(ids.next().as_u128(), 2);
}
