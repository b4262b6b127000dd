//! The SQL and the pure state machine are told the same random stories and must agree on every step.

use job::{Action, Claimed, Class, Failure, Kind, Lease, Prerequisite, State, Status, transition};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::jobs::{self, Claim};
use testkit::Database;
use uuid::Uuid;

use crate::setup::*;

const STORIES: usize = 60;

fn action() -> impl Strategy<Value = Action> {
    let token = || (1..3_u128).prop_map(Uuid::from_u128);
    prop_oneof![
        6 => token().prop_map(Action::Claim),
        1 => token().prop_map(Action::Heartbeat),
        1 => token().prop_map(Action::Complete),
        3 => token().prop_map(|token| Action::Fail(token, Class::Retry)),
        1 => token().prop_map(|token| Action::Fail(token, Class::Permanent)),
        3 => token().prop_map(|token| Action::Fail(token, Class::Interrupted)),
        1 => token().prop_map(Action::ConfirmCancel),
        1 => Just(Action::RequestCancel),
        4 => Just(Action::ExpireLease),
        2 => Just(Action::Reap),
        3 => Just(Action::Send),
        2 => Just(Action::Abandon),
        3 => Just(Action::PrerequisiteCompleted),
        1 => Just(Action::PrerequisiteFailed),
        1 => Just(Action::PrerequisiteCancelled),
        2 => Just(Action::Retry),
    ]
}

#[tokio::test]
async fn the_database_agrees_with_the_state_machine() {
    let mut runner = TestRunner::deterministic();
    let database = with_bed().await;
    for _ in 0..STORIES {
        let story = prop::collection::vec(action(), 1..25)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        for prerequisite in [Prerequisite::Met, Prerequisite::Pending] {
            run(&database, "DELETE FROM jobs").await;
            tell(&database, prerequisite, &story).await;
        }
    }
}

async fn tell(database: &Database, prerequisite: Prerequisite, story: &[Action]) {
    let after = (prerequisite == Prerequisite::Pending).then_some(PACKING);
    committed!(
        database,
        jobs::insert,
        &testkit::rows::packing_job(PACKING, BED)
    )
    .unwrap();
    let flow = testkit::rows::flow_job(FLOW, &testkit::rows::simulation(SIMULATION, BED), after);
    let inserted = committed!(database, jobs::insert, &flow).unwrap();
    let mut state = State::new(prerequisite);
    for action in story {
        let expected = transition(state, *action);
        state = expected.unwrap_or(state);
        if !possible(*action, after, database).await {
            continue;
        }
        perform(database, *action, &inserted).await;
        assert_eq!(
            stored(database).await,
            state,
            "after {action:?} of {story:?}"
        );
    }
}

/// What the database cannot be told, because the other job is a row of its own: that one that does not exist or ended
/// before ends, and that it ends after this job did, which the state machine does not follow any further.
async fn possible(action: Action, after: Option<Uuid>, database: &Database) -> bool {
    match action {
        Action::PrerequisiteCompleted
        | Action::PrerequisiteFailed
        | Action::PrerequisiteCancelled => {
            after.is_some()
                && !status(database, PACKING).await.is_final()
                && !status(database, FLOW).await.is_final()
        }
        // The relay sends what is left of a job that has ended; the state machine does not look at it any more.
        Action::Send => !status(database, FLOW).await.is_final(),
        _ => true,
    }
}

/// Does it, whether it is allowed or not: what counts is what is stored afterwards.
async fn perform(database: &Database, action: Action, job: &job::Job) {
    let held = |token| Claimed {
        job: job.clone(),
        lease: Lease::new(token),
    };
    match action {
        Action::Claim(token) => {
            skip_backoff(database).await;
            claim(database, FLOW, token.as_u128()).await;
        }
        Action::Heartbeat(token) => {
            let _ = jobs::heartbeat(&client(database).await, &held(token), None).await;
        }
        Action::Complete(token) => drop(committed!(database, jobs::complete, &held(token))),
        Action::Fail(token, class) => {
            let failure = Failure::new(class, "code", "message");
            drop(committed!(
                database,
                jobs::end_attempt,
                &held(token),
                &failure
            ));
        }
        Action::ConfirmCancel(token) => {
            drop(committed!(database, jobs::confirm_cancel, &held(token)));
        }
        Action::RequestCancel => drop(committed!(database, jobs::request_cancel, FLOW)),
        Action::ExpireLease => expire_leases(database).await,
        Action::Reap => drop(reap(database, std::time::Duration::from_hours(1)).await),
        // whether it is due yet or not: what counts is that it is gone
        Action::Send => run(database, "DELETE FROM outbox").await,
        Action::Abandon => drop(committed!(database, jobs::abandon, FLOW, &retryable())),
        Action::PrerequisiteCompleted => {
            let packing = packing(database).await;
            committed!(database, jobs::complete, &packing).unwrap();
        }
        Action::PrerequisiteFailed => {
            let packing = packing(database).await;
            committed!(database, jobs::fail, &packing, &permanent()).unwrap();
        }
        Action::PrerequisiteCancelled => {
            committed!(database, jobs::request_cancel, PACKING).unwrap();
        }
        Action::Retry => drop(committed!(database, jobs::retry, FLOW)),
    }
}

async fn packing(database: &Database) -> Claimed {
    match claim(database, PACKING, 77).await {
        Claim::Won(claimed) => *claimed,
        lost => panic!("{lost:?}"),
    }
}

async fn stored(database: &Database) -> State {
    let row = client(database)
        .await
        .query_one(
            "SELECT job.lease_token, coalesce(job.lease_expires_at < now(), false) AS expired,
                 before.status AS before,
                 EXISTS (SELECT 1 FROM outbox WHERE outbox.job_id = job.id) AS message_waiting
             FROM jobs job LEFT JOIN jobs before ON before.id = job.after_job_id WHERE job.id = $1",
            &[&FLOW],
        )
        .await
        .unwrap();
    let job = job(database, FLOW).await;
    assert_eq!(job.kind, Kind::Flow);
    assert_eq!(
        simulation_status(database).await,
        simulation_word(job.status)
    );
    State {
        status: job.status,
        attempt: job.attempt,
        max_attempts: job.max_attempts,
        token: row.get("lease_token"),
        lease_expired: row.get("expired"),
        cancel_requested: job.cancel_requested,
        prerequisite: match row.get("before") {
            None | Some("completed") => Prerequisite::Met,
            Some("queued" | "running") => Prerequisite::Pending,
            Some(_) => Prerequisite::Failed,
        },
        message_waiting: row.get("message_waiting"),
    }
}

fn simulation_word(status: Status) -> &'static str {
    match status {
        Status::Queued => "pending",
        other => other.as_str(),
    }
}
