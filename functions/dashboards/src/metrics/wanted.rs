//! Which course is asked for, and finding it.

use jiff::Timestamp;
use leito_http::{Code, Problem};
use serde::Deserialize;
use store::{Client, metrics};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::number::{GroupBy, Metric, Range};

/// Buckets of a course when the caller does not say: a chart of that many points is full.
const POINTS: i32 = 300;
const MAX_POINTS: i32 = 2000;
/// Courses in one chart: more cannot be told apart.
const GROUPS: i64 = 12;

/// Which course.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The number. A series needs one; an export without one has all five.
    #[param(inline)]
    pub metric: Option<Metric>,
    /// A stretch of time that ends now; 24h when nothing is said.
    #[param(inline)]
    range: Option<Range>,
    /// Or from here on
    from: Option<Timestamp>,
    /// up to here; now when left out.
    to: Option<Timestamp>,
    /// Points in a course at most, 2 to 2000; 300 when left out.
    #[param(minimum = 2, maximum = 2000)]
    points: Option<i32>,
    /// Of this project alone.
    project_id: Option<Uuid>,
    /// Of this kind alone.
    kind: Option<String>,
    /// Posted by this account alone.
    user_id: Option<Uuid>,
    /// One course each, of the twelve with the most metrics.
    #[param(inline)]
    pub group_by: Option<GroupBy>,
}

/// A stretch of time that was understood.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// None: from the first metric on.
    pub from: Option<Timestamp>,
    /// Its end.
    pub to: Timestamp,
}

impl Wanted {
    /// The time it is about.
    pub fn span(&self, now: Timestamp) -> Result<Span, Problem> {
        let refused = |detail: &str| Err(Problem::new(Code::InvalidQuery, detail));
        if self.range.is_some() && (self.from.is_some() || self.to.is_some()) {
            return refused("say either `range` or `from` and `to`");
        }
        let to = self.to.unwrap_or(now);
        let from = match (self.from, self.to) {
            (None, None) => self.range.unwrap_or_default().start(now),
            (from, _) => from,
        };
        if from.is_some_and(|from| from >= to) {
            return refused("`from` is before `to`");
        }
        Ok(Span { from, to })
    }

    /// The course of one number.
    pub async fn find(
        &self,
        client: &Client,
        user_id: Uuid,
        metric: Metric,
        span: Span,
    ) -> Result<metrics::Series, Problem> {
        let points = self.points.unwrap_or(POINTS);
        if !(2..=MAX_POINTS).contains(&points) {
            let detail = format!("`points` is 2 to {MAX_POINTS}");
            return Err(Problem::new(Code::InvalidQuery, detail));
        }
        let wanted = metrics::Wanted {
            metric: metric.as_str(),
            project_id: self.project_id,
            kind: self.kind.as_deref(),
            user_id: self.user_id,
            from: span.from,
            to: span.to,
            group_by: self.group_by.map(GroupBy::as_str),
            points,
            groups: GROUPS,
        };
        Ok(metrics::series(client, user_id, &wanted).await?)
    }

    /// What it is of, for people.
    pub fn in_words(&self) -> String {
        let mut words = Vec::new();
        if let Some(id) = self.project_id {
            words.push(format!("project {id}"));
        }
        if let Some(kind) = &self.kind {
            words.push(format!("kind {kind}"));
        }
        if let Some(id) = self.user_id {
            words.push(format!("user {id}"));
        }
        if let Some(group_by) = self.group_by {
            words.push(format!("one line for each {}", group_by.as_str()));
        }
        words.join(", ")
    }
}
