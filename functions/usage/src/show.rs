//! `GET /usage`

use std::collections::BTreeMap;

use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use leito_http::{Actor, App, Code, Json, Problem, Query};
use serde::{Deserialize, Serialize};
use store::access::{Role, administrator};
use store::usage::{self, By, Sum, Whose};
use store::{Client, projects, scheduled_runs};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The longest interval in hours, a little more than a month.
const MOST_HOURS: SignedDuration = SignedDuration::from_hours(32 * 24);
/// The longest interval in days, a little more than two years.
const MOST_DAYS: SignedDuration = SignedDuration::from_hours(750 * 24);
/// The interval when none is given.
const DEFAULT_HOURS: SignedDuration = SignedDuration::from_hours(24);
const DEFAULT_DAYS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The length of the intervals that are summed up.
    #[serde(default)]
    #[param(inline)]
    by: Length,
    /// The first hour or day is the first that begins then or later; a day (by hour) or 30 days (by day) before `to` when
    /// absent.
    from: Option<Timestamp>,
    /// The last hour or day is the last that begins before; now when absent. At most 32 days after `from` by hour, 750
    /// days by day.
    to: Option<Timestamp>,
    /// Only this project's: everybody's for its owners, the caller's own for its other members.
    project_id: Option<Uuid>,
    /// Only this person's; for administrators, everybody else sees their own.
    user_id: Option<Uuid>,
    /// Everybody's, with what belongs to nobody; for administrators.
    #[serde(default)]
    everybody: bool,
}

/// The length of an interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Hours.
    Hour,
    /// Days, UTC.
    #[default]
    Day,
}

/// What was used.
#[derive(Debug, Serialize, ToSchema)]
pub struct Usage {
    /// The length of the intervals.
    by: Length,
    /// Where the interval begins.
    from: Timestamp,
    /// Where it ends.
    to: Timestamp,
    /// When the sums were last computed, which happens each hour; null: never yet.
    summed_up_at: Option<Timestamp>,
    /// The sums over the whole interval, by kind: `jobs.<packing or flow>.<completed, failed or cancelled>`,
    /// `engine_ms.<packing or flow>` (milliseconds that workers held such jobs), `bytes_stored`, `bytes_deleted`,
    /// `downloads`, `bytes_downloaded`, `requests`. What is not there was not used.
    #[schema(example = json!({ "jobs.flow.completed": 3, "engine_ms.flow": 812_000 }))]
    totals: BTreeMap<String, i64>,
    /// The sums, the earliest first; an interval without any was idle.
    sums: Vec<UsageSum>,
}

/// What was used of one kind in one hour or day.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageSum {
    /// Where the hour or day begins.
    start: Timestamp,
    /// What.
    kind: String,
    /// How many times.
    events: i64,
    /// How much: a count, bytes or milliseconds.
    amount: i64,
}

/// What was used, by hour or by day.
///
/// One's own, in one project or in all; everybody's in a project for its owners; anything for administrators.
#[utoipa::path(
    get, path = "/usage", tag = "usage", params(Wanted),
    responses(
        (status = 200, description = "The sums, the earliest first", body = Usage),
        (status = 400, description = "The interval ends before it begins, or is too long"),
        (status = 401, description = "Nobody is named"),
        (status = 403, description = "Only administrators see this"),
        (status = 404, description = "There is no such project, or the caller is not in it"),
    ),
)]
pub async fn show_usage(
    State(app): State<App>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Usage>, Problem> {
    let (from, to) = interval(&wanted, app.clock.now())?;
    let client = app.store.client().await?;
    let whose = whose(&client, &actor, &wanted).await?;
    let by = match wanted.by {
        Length::Hour => By::Hour,
        Length::Day => By::Day,
    };
    let sums = usage::sums(&client, whose, by, from, to).await?;
    let last = scheduled_runs::last_successes(&client, &[schedule::USAGE_STATS.name]).await?;
    let mut totals = BTreeMap::new();
    for sum in &sums {
        *totals.entry(sum.kind.clone()).or_default() += sum.amount;
    }
    Ok(Json(Usage {
        by: wanted.by,
        from,
        to,
        summed_up_at: last.first().map(|last| last.started_at),
        totals,
        sums: sums.into_iter().map(UsageSum::from).collect(),
    }))
}

fn interval(wanted: &Wanted, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
    let (default, most) = match wanted.by {
        Length::Hour => (DEFAULT_HOURS, MOST_HOURS),
        Length::Day => (DEFAULT_DAYS, MOST_DAYS),
    };
    let to = wanted.to.unwrap_or(now);
    let earlier = to.saturating_sub(default).unwrap_or(Timestamp::UNIX_EPOCH);
    let from = wanted.from.unwrap_or(earlier);
    let refuse = |detail: &str| Err(Problem::new(Code::InvalidQuery, detail));
    if from >= to {
        return refuse("`from` is not before `to`");
    }
    if to.duration_since(from) > most {
        return refuse("the interval is too long: at most 32 days by hour, 750 days by day");
    }
    // What Postgres's own calendar holds is enough.
    if from < Timestamp::UNIX_EPOCH {
        return refuse("`from` is before 1970");
    }
    Ok((from, to))
}

async fn whose(client: &Client, actor: &Actor, wanted: &Wanted) -> Result<Whose, Problem> {
    let own = wanted.user_id.is_none_or(|id| id == actor.user_id);
    if wanted.everybody || !own {
        administrator(client, actor.user_id).await?;
        return Ok(match (wanted.user_id, wanted.project_id) {
            (Some(user), project) => Whose::Person(user, project),
            (None, Some(project)) => Whose::Project(project),
            (None, None) => Whose::Everybody,
        });
    }
    let Some(project) = wanted.project_id else {
        return Ok(Whose::Person(actor.user_id, None));
    };
    let found = projects::get(client, actor.as_at_least(Role::Viewer), project).await?;
    if found.role == Role::Owner && wanted.user_id.is_none() {
        return Ok(Whose::Project(project));
    }
    Ok(Whose::Person(actor.user_id, Some(project)))
}

impl From<Sum> for UsageSum {
    fn from(sum: Sum) -> Self {
        Self {
            start: sum.start,
            kind: sum.kind,
            events: sum.events,
            amount: sum.amount,
        }
    }
}
