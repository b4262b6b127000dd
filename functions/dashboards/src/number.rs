//! The five numbers of a metric, and how they are cut: the words of the API.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One of the five numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Time in the engines over wall time.
    IaEfficiency,
    /// Agreement of the computed pressure drop with the correlations whose range covers it.
    ModelAccuracy,
    /// Wall time, ms.
    ProcessingTimeMs,
    /// Largest memory, MB.
    MemoryUsageMb,
    /// Failed attempts over attempts.
    ErrorRate,
}

impl Metric {
    /// Every one, in the order of a report.
    pub const ALL: [Self; 5] = [
        Self::IaEfficiency,
        Self::ModelAccuracy,
        Self::ProcessingTimeMs,
        Self::MemoryUsageMb,
        Self::ErrorRate,
    ];

    /// The word in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IaEfficiency => "ia_efficiency",
            Self::ModelAccuracy => "model_accuracy",
            Self::ProcessingTimeMs => "processing_time_ms",
            Self::MemoryUsageMb => "memory_usage_mb",
            Self::ErrorRate => "error_rate",
        }
    }

    /// What stands above its chart.
    pub const fn title(self) -> &'static str {
        match self {
            Self::IaEfficiency => "Engine efficiency",
            Self::ModelAccuracy => "Model accuracy",
            Self::ProcessingTimeMs => "Processing time",
            Self::MemoryUsageMb => "Memory usage",
            Self::ErrorRate => "Error rate",
        }
    }

    /// Its unit; `1` for a ratio.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::IaEfficiency | Self::ModelAccuracy | Self::ErrorRate => "1",
            Self::ProcessingTimeMs => "ms",
            Self::MemoryUsageMb => "MB",
        }
    }
}

/// What a chart has one course each of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Each project.
    Project,
    /// Each kind of metric.
    Kind,
    /// Each account that posted.
    User,
}

impl GroupBy {
    /// The word in the database's statement and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Kind => "kind",
            Self::User => "user",
        }
    }
}

/// A stretch of time that ends now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Range {
    /// A day.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// A week.
    #[serde(rename = "7d")]
    Week,
    /// Thirty days.
    #[serde(rename = "30d")]
    Month,
    /// All that there is.
    #[serde(rename = "all")]
    All,
}

impl Range {
    /// Where it begins; none: at the first metric.
    pub fn start(self, now: Timestamp) -> Option<Timestamp> {
        let hours = match self {
            Self::Day => 24,
            Self::Week => 7 * 24,
            Self::Month => 30 * 24,
            Self::All => return None,
        };
        now.checked_sub(SignedDuration::from_hours(hours)).ok()
    }
}
