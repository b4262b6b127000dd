use job::{Action, Class, Prerequisite, Refused, State, Status, transition};
use proptest::prelude::*;
use uuid::Uuid;

fn token() -> impl Strategy<Value = Uuid> {
    (1..4_u128).prop_map(Uuid::from_u128)
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => token().prop_map(Action::Claim),
        1 => token().prop_map(Action::Heartbeat),
        1 => token().prop_map(Action::Complete),
        2 => token().prop_map(|token| Action::Fail(token, Class::Retry)),
        1 => token().prop_map(|token| Action::Fail(token, Class::Permanent)),
        4 => token().prop_map(|token| Action::Fail(token, Class::Interrupted)),
        1 => token().prop_map(Action::ConfirmCancel),
        1 => Just(Action::RequestCancel),
        3 => Just(Action::ExpireLease),
        2 => Just(Action::Reap),
        3 => Just(Action::Send),
        1 => Just(Action::Abandon),
        2 => Just(Action::PrerequisiteCompleted),
        1 => Just(Action::PrerequisiteFailed),
        1 => Just(Action::PrerequisiteCancelled),
        2 => Just(Action::Retry),
    ]
}

fn story() -> impl Strategy<Value = (State, Vec<Action>)> {
    let start =
        prop_oneof![Just(Prerequisite::Met), Just(Prerequisite::Pending)].prop_map(State::new);
    (start, prop::collection::vec(action(), 0..60))
}

/// Every state the story passes through, with the action that led there.
fn states((start, actions): (State, Vec<Action>)) -> Vec<(State, Action, Result<State, Refused>)> {
    let mut state = start;
    actions
        .into_iter()
        .map(|action| {
            let before = state;
            let after = transition(before, action);
            state = after.unwrap_or(before);
            (before, action, after)
        })
        .collect()
}

proptest! {
    #[test]
    fn nothing_but_a_retry_leaves_a_final_state(story in story()) {
        for (before, action, after) in states(story) {
            if before.status.is_final() && action != Action::Retry {
                prop_assert_eq!(after, Err(Refused::Finished(before.status)));
            }
        }
    }

    #[test]
    fn a_job_reaches_at_most_one_final_state_after_each_retry(story in story()) {
        let mut finals = 0;
        for (_, action, after) in states(story) {
            let Ok(after) = after else { continue };
            finals = if action == Action::Retry { 0 } else { finals + i32::from(after.status.is_final()) };
            prop_assert!(finals <= 1);
        }
    }

    #[test]
    fn a_retry_makes_a_job_that_did_not_complete_as_good_as_new(story in story()) {
        for (before, action, after) in states(story) {
            if action != Action::Retry {
                continue;
            }
            let lost = matches!(before.status, Status::Failed | Status::Cancelled);
            let may = lost && before.prerequisite != Prerequisite::Failed;
            prop_assert_eq!(after.is_ok(), may, "{:?}", before);
            prop_assert!(!may || after == Ok(State::new(before.prerequisite)));
        }
    }

    #[test]
    fn attempt_counts_the_claims_since_the_last_retry_that_were_not_interrupted(story in story()) {
        let mut counted = 0;
        for (_, action, after) in states(story) {
            let Ok(after) = after else { continue };
            match action {
                Action::Claim(_) => counted += 1,
                Action::Fail(_, Class::Interrupted) => counted -= 1,
                Action::Retry => counted = 0,
                _ => {}
            }
            prop_assert_eq!(after.attempt, counted);
            prop_assert!((0..=after.max_attempts).contains(&after.attempt));
        }
    }

    #[test]
    fn a_token_is_there_exactly_while_the_job_runs(story in story()) {
        for (_, _, after) in states(story) {
            let Ok(after) = after else { continue };
            prop_assert_eq!(after.token.is_some(), after.status == Status::Running);
            prop_assert!(!after.lease_expired || after.status == Status::Running);
        }
    }

    #[test]
    fn only_the_holder_of_the_token_writes(story in story()) {
        for (before, action, after) in states(story) {
            let (Action::Heartbeat(shown)
            | Action::Complete(shown)
            | Action::Fail(shown, _)
            | Action::ConfirmCancel(shown)) = action
            else {
                continue;
            };
            prop_assert!(after.is_err() || before.token == Some(shown));
        }
    }

    #[test]
    fn a_live_lease_is_taken_away_by_nobody(story in story()) {
        for (before, action, after) in states(story) {
            let Ok(after) = after else { continue };
            let holder_acted = matches!(action, Action::Complete(_) | Action::Fail(..) | Action::ConfirmCancel(_));
            if before.status == Status::Running && !before.lease_expired && !holder_acted {
                prop_assert_eq!(after.token, before.token);
            }
        }
    }

    #[test]
    fn a_queued_job_always_has_an_attempt_left(story in story()) {
        for (_, _, after) in states(story) {
            let Ok(after) = after else { continue };
            prop_assert!(after.status != Status::Queued || after.attempt < after.max_attempts);
        }
    }

    #[test]
    fn after_a_request_to_cancel_nobody_but_a_retry_starts_the_job_again(story in story()) {
        for (before, action, after) in states(story) {
            if before.cancel_requested && action != Action::Retry {
                prop_assert!(!matches!(action, Action::Claim(_)) || after.is_err());
                prop_assert!(after.is_err() || after.is_ok_and(|after| after.status != Status::Queued));
            }
        }
    }

    #[test]
    fn a_job_with_a_pending_prerequisite_never_runs(story in story()) {
        for (_, _, after) in states(story) {
            let Ok(after) = after else { continue };
            prop_assert!(after.prerequisite == Prerequisite::Met || after.status != Status::Running);
        }
    }

    #[test]
    fn a_job_that_can_run_is_held_or_will_be_woken_or_waits_in_a_queue(story in story()) {
        for (before, action, after) in states(story) {
            let Ok(after) = after else { continue };
            let put_back = before.status == Status::Running && after.status == Status::Queued;
            prop_assert!(!put_back || after.message_waiting, "{:?}", action);
            prop_assert!(action != Action::Abandon || !before.message_waiting);
        }
    }

    #[test]
    fn every_unfinished_job_can_still_be_ended(story in story()) {
        let start = story.0;
        let last = states(story).last().map_or(start, |(before, _, after)| after.unwrap_or(*before));
        let ways = [Action::RequestCancel, Action::ExpireLease, Action::Reap];
        let end = ways.iter().fold(last, |state, action| transition(state, *action).unwrap_or(state));
        prop_assert!(end.status.is_final());
    }
}

fn run(actions: &[Action]) -> State {
    actions
        .iter()
        .fold(State::new(Prerequisite::Met), |state, action| {
            transition(state, *action).unwrap()
        })
}

const A: Uuid = Uuid::from_u128(1);
const B: Uuid = Uuid::from_u128(2);

#[test]
fn the_third_retryable_failure_fails_the_job() {
    let once = [Action::Claim(A), Action::Fail(A, Class::Retry)];
    assert_eq!(run(&once).status, Status::Queued);
    assert_eq!(run(&once.repeat(3)).status, Status::Failed);
}

#[test]
fn a_permanent_failure_fails_the_job_at_once() {
    assert_eq!(
        run(&[Action::Claim(A), Action::Fail(A, Class::Permanent)]).status,
        Status::Failed
    );
}

#[test]
fn interruptions_never_use_up_the_attempts() {
    let state = run(&[Action::Claim(A), Action::Fail(A, Class::Interrupted)].repeat(20));
    assert_eq!((state.status, state.attempt), (Status::Queued, 0));
}

#[test]
fn a_stolen_lease_cannot_complete_the_job() {
    let state = run(&[Action::Claim(A), Action::ExpireLease, Action::Claim(B)]);
    assert_eq!(
        transition(state, Action::Complete(A)),
        Err(Refused::LeaseLost)
    );
    assert_eq!(
        transition(state, Action::Complete(B)).unwrap().status,
        Status::Completed
    );
}

#[test]
fn a_worker_that_dies_three_times_fails_the_job() {
    let state = run(&[Action::Claim(A), Action::ExpireLease, Action::Reap].repeat(3));
    assert_eq!((state.status, state.attempt), (Status::Failed, 3));
}

#[test]
fn results_stored_after_a_request_to_cancel_are_kept() {
    let state = run(&[Action::Claim(A), Action::RequestCancel, Action::Complete(A)]);
    assert_eq!(state.status, Status::Completed);
}

#[test]
fn the_dead_letter_of_an_old_duplicate_leaves_the_job_to_its_newer_message() {
    let again = run(&[
        Action::Send,
        Action::Claim(A),
        Action::Fail(A, Class::Retry),
    ]);
    assert_eq!(
        transition(again, Action::Abandon),
        Err(Refused::MessageWaiting)
    );
    let sent = transition(again, Action::Send).unwrap();
    assert_eq!(
        transition(sent, Action::Abandon).unwrap().status,
        Status::Failed
    );
}

#[test]
fn a_late_heartbeat_revives_a_lease_nobody_took() {
    let state = run(&[Action::Claim(A), Action::ExpireLease, Action::Heartbeat(A)]);
    assert!(!state.lease_expired);
}

#[test]
fn a_completed_job_is_not_tried_again() {
    let state = run(&[Action::Claim(A), Action::Complete(A)]);
    assert_eq!(
        transition(state, Action::Retry),
        Err(Refused::Finished(Status::Completed))
    );
}

#[test]
fn what_a_job_comes_after_is_tried_again_first() {
    let waiting = State::new(Prerequisite::Pending);
    let failed = transition(waiting, Action::PrerequisiteFailed).unwrap();
    assert_eq!(
        transition(failed, Action::Retry),
        Err(Refused::PrerequisiteFailed)
    );
    let cancelled = transition(waiting, Action::RequestCancel).unwrap();
    assert_eq!(transition(cancelled, Action::Retry), Ok(waiting));
}
