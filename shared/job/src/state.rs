//! The state machine. The database carries out the same transitions, each as one conditional UPDATE.

use uuid::Uuid;

use crate::{Class, MAX_ATTEMPTS, Refused, Status};

/// Whether the job this one comes after lets it start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prerequisite {
    /// There is none, or it completed.
    Met,
    /// It has not finished.
    Pending,
    /// It failed or was cancelled.
    Failed,
}

/// The part of a job that decides what may happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Where it stands.
    pub status: Status,
    /// Attempts that count, the running one included.
    pub attempt: i32,
    /// Attempts it gets.
    pub max_attempts: i32,
    /// The token of the worker that holds it; present exactly while it runs.
    pub token: Option<Uuid>,
    /// The lease ran out; only a running job can have it.
    pub lease_expired: bool,
    /// Somebody asked the running job to stop.
    pub cancel_requested: bool,
    /// Whether it may start.
    pub prerequisite: Prerequisite,
    /// A message for it waits to be sent, and will wake a worker.
    pub message_waiting: bool,
}

impl State {
    /// A job just stored.
    pub const fn new(prerequisite: Prerequisite) -> Self {
        Self {
            status: Status::Queued,
            attempt: 0,
            max_attempts: MAX_ATTEMPTS,
            token: None,
            lease_expired: false,
            cancel_requested: false,
            prerequisite,
            message_waiting: matches!(prerequisite, Prerequisite::Met),
        }
    }
}

/// Everything that can happen to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A worker wants it, with a fresh token.
    Claim(Uuid),
    /// The worker is alive.
    Heartbeat(Uuid),
    /// The worker stores the results.
    Complete(Uuid),
    /// The worker's attempt failed.
    Fail(Uuid, Class),
    /// The worker stopped because it was asked to.
    ConfirmCancel(Uuid),
    /// A caller wants it to stop.
    RequestCancel,
    /// Time passed without a heartbeat.
    ExpireLease,
    /// The reaper looks at it.
    Reap,
    /// The queue took its message.
    Send,
    /// A message of it, perhaps an old one, ended in the dead-letter queue.
    Abandon,
    /// The job it comes after completed.
    PrerequisiteCompleted,
    /// The job it comes after failed.
    PrerequisiteFailed,
    /// The job it comes after was cancelled.
    PrerequisiteCancelled,
    /// A caller wants a job that failed or was cancelled to be tried again.
    Retry,
}

/// The state after the action, or why nothing may change.
pub fn transition(state: State, action: Action) -> Result<State, Refused> {
    match action {
        Action::Retry => retry(state),
        _ if state.status.is_final() => Err(Refused::Finished(state.status)),
        Action::Claim(token) => claim(state, token),
        Action::Heartbeat(token) => held(state, token).map(|state| State {
            lease_expired: false,
            ..state
        }),
        Action::Complete(token) => held(state, token).map(|state| finish(state, Status::Completed)),
        Action::Fail(token, class) => held(state, token).map(|state| fail(state, class)),
        Action::ConfirmCancel(token) => confirm_cancel(held(state, token)?),
        Action::RequestCancel => Ok(request_cancel(state)),
        Action::ExpireLease if state.status == Status::Running => Ok(State {
            lease_expired: true,
            ..state
        }),
        Action::ExpireLease => Err(Refused::NotNow(state.status)),
        Action::Reap => reap(state),
        Action::Send => Ok(State {
            message_waiting: false,
            ..state
        }),
        Action::Abandon => abandon(state),
        Action::PrerequisiteCompleted => waiting(state).map(|state| State {
            prerequisite: Prerequisite::Met,
            message_waiting: true,
            ..state
        }),
        Action::PrerequisiteFailed => waiting(state).map(|state| end_with(state, Status::Failed)),
        Action::PrerequisiteCancelled => {
            waiting(state).map(|state| end_with(state, Status::Cancelled))
        }
    }
}

fn claim(state: State, token: Uuid) -> Result<State, Refused> {
    if state.prerequisite == Prerequisite::Pending {
        return Err(Refused::Waiting);
    }
    if state.status == Status::Running && !state.lease_expired {
        return Err(Refused::Held);
    }
    if state.cancel_requested {
        return Err(Refused::CancelRequested);
    }
    if state.attempt >= state.max_attempts {
        return Err(Refused::Exhausted);
    }
    let attempt = state.attempt + 1;
    Ok(State {
        status: Status::Running,
        attempt,
        token: Some(token),
        lease_expired: false,
        ..state
    })
}

/// An expired lease that nobody took over still counts: the token alone decides.
fn held(state: State, token: Uuid) -> Result<State, Refused> {
    if state.token == Some(token) {
        Ok(state)
    } else {
        Err(Refused::LeaseLost)
    }
}

fn finish(state: State, status: Status) -> State {
    State {
        status,
        token: None,
        lease_expired: false,
        ..state
    }
}

fn requeue(state: State) -> State {
    State {
        status: Status::Queued,
        token: None,
        lease_expired: false,
        message_waiting: true,
        ..state
    }
}

/// After a request to cancel nothing is tried again: what would go back to the queue is cancelled instead.
fn fail(state: State, class: Class) -> State {
    match class {
        Class::Permanent => finish(state, Status::Failed),
        Class::Interrupted => {
            let state = State {
                attempt: state.attempt - 1,
                ..state
            };
            if state.cancel_requested {
                finish(state, Status::Cancelled)
            } else {
                requeue(state)
            }
        }
        Class::Retry => another_attempt(state),
    }
}

fn another_attempt(state: State) -> State {
    if state.cancel_requested {
        finish(state, Status::Cancelled)
    } else if state.attempt >= state.max_attempts {
        finish(state, Status::Failed)
    } else {
        requeue(state)
    }
}

fn confirm_cancel(state: State) -> Result<State, Refused> {
    if state.cancel_requested {
        Ok(finish(state, Status::Cancelled))
    } else {
        Err(Refused::NotRequested)
    }
}

fn request_cancel(state: State) -> State {
    match state.status {
        Status::Queued => finish(state, Status::Cancelled),
        _ => State {
            cancel_requested: true,
            ..state
        },
    }
}

fn reap(state: State) -> Result<State, Refused> {
    match state.status {
        Status::Running if state.lease_expired => Ok(another_attempt(state)),
        Status::Running => Err(Refused::Held),
        status => Err(Refused::NotNow(status)),
    }
}

/// Only where nothing else would wake the job: the letter may be of an old duplicate.
fn abandon(state: State) -> Result<State, Refused> {
    if state.prerequisite == Prerequisite::Pending {
        return Err(Refused::Waiting);
    }
    if state.message_waiting {
        return Err(Refused::MessageWaiting);
    }
    if state.status == Status::Running && !state.lease_expired {
        return Err(Refused::Held);
    }
    Ok(finish(
        state,
        if state.cancel_requested {
            Status::Cancelled
        } else {
            Status::Failed
        },
    ))
}

fn waiting(state: State) -> Result<State, Refused> {
    match state.prerequisite {
        Prerequisite::Pending => Ok(state),
        Prerequisite::Met | Prerequisite::Failed => Err(Refused::NotNow(state.status)),
    }
}

fn end_with(state: State, status: Status) -> State {
    State {
        prerequisite: Prerequisite::Failed,
        ..finish(state, status)
    }
}

/// As if it had just been made. What it comes after has to be tried again first.
fn retry(state: State) -> Result<State, Refused> {
    match state.status {
        Status::Completed => Err(Refused::Finished(state.status)),
        Status::Queued | Status::Running => Err(Refused::NotNow(state.status)),
        _ if state.prerequisite == Prerequisite::Failed => Err(Refused::PrerequisiteFailed),
        Status::Failed | Status::Cancelled => Ok(State {
            max_attempts: state.max_attempts,
            ..State::new(state.prerequisite)
        }),
    }
}
