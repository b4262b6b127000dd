//! Reading metrics one by one, so that a bad one is refused alone.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use leito_http::{App, Code, FieldError, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::metrics::{self, Values};
use utoipa::ToSchema;
use uuid::Uuid;

const MAX_KEY: usize = 200;
const MAX_KIND: usize = 50;
/// Times and memories are far below it, and sums over all of them far below what a number can hold.
const MOST: f64 = 1e12;
/// The first moment that a metric can be of: 2000-01-01.
const FIRST_SECOND: i64 = 946_684_800;

/// A metric: at least one number, and what it is of.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMetric {
    /// The poster's own name for it, at most 200 characters: the same one again is the same metric.
    #[schema(min_length = 1, max_length = 200)]
    key: Option<String>,
    /// The project it belongs to.
    project_id: Option<Uuid>,
    /// What it is of: small letters, digits, `_`, `-` and `.`.
    #[schema(example = "nightly-import", pattern = "^[a-z0-9][a-z0-9_.-]{0,49}$")]
    kind: String,
    /// When it was measured; now when left out. From 2000 on, and not later than a day from now.
    timestamp: Option<Timestamp>,
    /// The time it covers.
    #[serde(default)]
    period: Period,
    /// Time in the engines over wall time, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    ia_efficiency: Option<f64>,
    /// Agreement with what was to be expected, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    model_accuracy: Option<f64>,
    /// Wall time, ms.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    processing_time_ms: Option<f64>,
    /// Largest memory, MB.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    memory_usage_mb: Option<f64>,
    /// Failed attempts over attempts, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    error_rate: Option<f64>,
    /// Made up, to show what a chart looks like.
    #[serde(default)]
    is_sample: bool,
}

/// The time that a metric covers.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A moment.
    #[default]
    Instant,
    /// One job, from its start to its end.
    Job,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Period {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Job => "job",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

/// A metric that cannot be stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refused {
    /// Its place among the metrics of the request, from 0.
    index: usize,
    /// JSON pointer into the request's body.
    #[schema(example = "/metrics/17/error_rate")]
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// What a body holds.
#[derive(Debug, Default)]
pub struct Found {
    /// Metrics that can be stored, and their places.
    pub good: Vec<(usize, NewMetric)>,
    /// The others.
    pub refused: Vec<Refused>,
    is_batch: bool,
}

impl Found {
    /// Reads one metric, or up to `most`.
    pub fn read(posted: Value, most: usize, now: Timestamp) -> Result<Self, Problem> {
        let (items, is_batch) = match posted {
            Value::Object(mut fields) if fields.len() == 1 && fields.contains_key("metrics") => {
                (items(fields.remove("metrics"), most)?, true)
            }
            one => (vec![one], false),
        };
        let mut found = Self {
            is_batch,
            ..Self::default()
        };
        for (index, item) in items.into_iter().enumerate() {
            match NewMetric::read(item, now) {
                Ok(metric) => found.good.push((index, metric)),
                Err((pointer, message)) => found.refuse(index, &pointer, message),
            }
        }
        Ok(found)
    }

    fn refuse(&mut self, index: usize, inside: &str, message: String) {
        let pointer = if self.is_batch {
            format!("/metrics/{index}{inside}")
        } else {
            inside.to_owned()
        };
        self.refused.push(Refused {
            index,
            pointer,
            message,
        });
    }

    /// The projects that are named.
    pub fn projects(&self) -> Vec<Uuid> {
        let named: BTreeSet<Uuid> = self
            .good
            .iter()
            .filter_map(|(_, it)| it.project_id)
            .collect();
        named.into_iter().collect()
    }

    /// Refuses what is for another project than these.
    pub fn keep_projects(&mut self, may: &[Uuid]) {
        let (good, other): (Vec<_>, Vec<_>) = std::mem::take(&mut self.good)
            .into_iter()
            .partition(|(_, it)| it.project_id.is_none_or(|id| may.contains(&id)));
        self.good = good;
        for (index, _) in other {
            let message = "there is no such project into which the caller may post".to_owned();
            self.refuse(index, "/project_id", message);
        }
        self.refused.sort_by_key(|refused| refused.index);
    }
}

fn items(list: Option<Value>, most: usize) -> Result<Vec<Value>, Problem> {
    let wrong = |message: String| {
        Err(Problem::new(Code::InvalidBody, message.clone())
            .with_errors([FieldError::new("/metrics", message)]))
    };
    match list {
        Some(Value::Array(items)) if items.is_empty() => {
            wrong("there is no metric in the list".to_owned())
        }
        Some(Value::Array(items)) if items.len() > most => wrong(format!(
            "one request holds at most {most} metrics, not {}; send several",
            items.len()
        )),
        Some(Value::Array(items)) => Ok(items),
        _ => wrong("`metrics` is a list".to_owned()),
    }
}

impl NewMetric {
    fn read(item: Value, now: Timestamp) -> Result<Self, (String, String)> {
        let metric: Self = serde_path_to_error::deserialize(item).map_err(|error| {
            let path = error.path().to_string();
            let pointer = if path == "." {
                String::new()
            } else {
                format!("/{path}")
            };
            (pointer, error.into_inner().to_string())
        })?;
        metric.check(now)?;
        Ok(metric)
    }

    fn check(&self, now: Timestamp) -> Result<(), (String, String)> {
        let wrong = |at: &str, message: String| Err((format!("/{at}"), message));
        let numbers = self.numbers();
        for (name, value, most) in numbers {
            if value.is_some_and(|value| !(0.0..=most).contains(&value)) {
                return wrong(name, format!("this is a number from 0, at most {most}"));
            }
        }
        if numbers.iter().all(|(_, value, _)| value.is_none()) {
            let names = numbers.map(|(name, _, _)| name).join(", ");
            return Err((
                String::new(),
                format!("a metric has one of {names} at least"),
            ));
        }
        if !is_kind(&self.kind) {
            let rule = "a kind is 1 to 50 small letters, digits, `_`, `-` and `.`, a letter or digit first";
            return wrong("kind", rule.to_owned());
        }
        let key = self.key.as_ref().map(|key| key.chars().count());
        if key.is_some_and(|length| !(1..=MAX_KEY).contains(&length)) {
            return wrong("key", format!("a key has 1 to {MAX_KEY} characters"));
        }
        let last = now
            .saturating_add(SignedDuration::from_hours(24))
            .unwrap_or(now);
        let known = Timestamp::from_second(FIRST_SECOND).unwrap_or(now)..=last;
        if self.timestamp.is_some_and(|at| !known.contains(&at)) {
            let rule = "a metric is of the time from 2000 on, and not later than a day from now";
            return wrong("timestamp", rule.to_owned());
        }
        Ok(())
    }

    fn numbers(&self) -> [(&'static str, Option<f64>, f64); 5] {
        [
            ("ia_efficiency", self.ia_efficiency, 1.0),
            ("model_accuracy", self.model_accuracy, 1.0),
            ("processing_time_ms", self.processing_time_ms, MOST),
            ("memory_usage_mb", self.memory_usage_mb, MOST),
            ("error_rate", self.error_rate, 1.0),
        ]
    }

    /// The row, posted by this account.
    pub fn row(self, app: &App, user_id: Uuid) -> metrics::NewMetric {
        metrics::NewMetric {
            id: app.ids.next(),
            key: self.key,
            project_id: self.project_id,
            user_id: Some(user_id),
            kind: self.kind,
            timestamp: self.timestamp.unwrap_or_else(|| app.clock.now()),
            period: self.period.as_str().to_owned(),
            values: Values {
                ia_efficiency: self.ia_efficiency,
                model_accuracy: self.model_accuracy,
                processing_time_ms: self.processing_time_ms,
                memory_usage_mb: self.memory_usage_mb,
                error_rate: self.error_rate,
            },
            is_sample: self.is_sample,
        }
    }
}

fn is_kind(kind: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=MAX_KIND).contains(&kind.len())
        && kind.bytes().next().is_some_and(plain)
        && kind
            .bytes()
            .all(|byte| plain(byte) || b"_.-".contains(&byte))
}
