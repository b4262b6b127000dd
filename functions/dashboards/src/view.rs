//! A dashboard as the API takes and gives it.

use jiff::Timestamp;
use leito_http::{Code, FieldError, Problem};
use serde::{Deserialize, Serialize};
use store::dashboards;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::number::{GroupBy, Metric, Range};

const MAX_NAME: usize = 100;
const MAX_DESCRIPTION: usize = 2000;
const MAX_PANELS: usize = 24;
const MAX_KIND: usize = 50;

/// What is said of a dashboard.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Unique in its project.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub description: String,
    /// Its charts, in the order in which they stand.
    #[serde(default)]
    #[schema(max_items = 24)]
    pub panels: Vec<Panel>,
}

/// One chart.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// What stands above it; the number's name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub title: Option<String>,
    /// The number it shows.
    pub metric: Metric,
    /// How it is drawn.
    #[serde(default)]
    pub chart: Chart,
    /// The time it covers.
    #[serde(default)]
    pub interval: Range,
    /// One course each; one course in all when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<GroupBy>,
    /// Of this kind alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 50)]
    pub kind: Option<String>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chart {
    /// The mean as a line, smallest to largest as a band.
    #[default]
    Line,
    /// A bar a bucket.
    Bar,
    /// The newest value as a number.
    Number,
    /// Every bucket as a row.
    Table,
}

impl Content {
    /// What is to be stored, or everything that is wrong; `at` is where this stands in the body.
    pub fn checked(&self, at: &str) -> Result<dashboards::Content, Problem> {
        let mut wrong = Vec::new();
        let mut within = |pointer: String, text: &str, least: usize, most: usize| {
            if !(least..=most).contains(&text.chars().count()) {
                let message = format!("this has {least} to {most} characters");
                wrong.push(FieldError::new(format!("{at}{pointer}"), message));
            }
        };
        within("/name".to_owned(), &self.name, 1, MAX_NAME);
        within(
            "/description".to_owned(),
            &self.description,
            0,
            MAX_DESCRIPTION,
        );
        for (index, panel) in self.panels.iter().enumerate() {
            if let Some(title) = &panel.title {
                within(format!("/panels/{index}/title"), title, 1, MAX_NAME);
            }
            if let Some(kind) = &panel.kind {
                within(format!("/panels/{index}/kind"), kind, 1, MAX_KIND);
            }
        }
        if self.panels.len() > MAX_PANELS {
            let message = format!("a dashboard has at most {MAX_PANELS} panels");
            wrong.push(FieldError::new(format!("{at}/panels"), message));
        }
        if !wrong.is_empty() {
            let problem = Problem::new(Code::InvalidBody, "no such dashboard can be");
            return Err(problem.with_errors(wrong));
        }
        Ok(dashboards::Content {
            name: self.name.clone(),
            description: self.description.clone(),
            panels: serde_json::to_value(&self.panels)?,
        })
    }
}

/// A stored dashboard.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dashboard {
    /// Its id.
    pub id: Uuid,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Unique in its project.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Its charts, in the order in which they stand.
    pub panels: Vec<Panel>,
    /// Grows with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl TryFrom<dashboards::Dashboard> for Dashboard {
    type Error = Problem;

    fn try_from(stored: dashboards::Dashboard) -> Result<Self, Problem> {
        Ok(Self {
            id: stored.id,
            project_id: stored.project_id,
            name: stored.content.name,
            description: stored.content.description,
            panels: serde_json::from_value(stored.content.panels)?,
            version: stored.version,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        })
    }
}
