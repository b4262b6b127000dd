//! `leito seed`: samples to look at. All of them say that they are samples.

use std::f64::consts::TAU;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use runtime::{Clock, Ids, SystemClock};
use serde_json::{Value, json};
use store::Transaction;
use store::metrics::{self, NewMetric, Values};
use store::projects::{self, NewProject};
use store::users::{self, NewUser};
use studies::{Home, store_bed};
use uuid::Uuid;

use crate::system::direct::{Inside, Tables};

/// No mail goes there: the name ends in a domain that never resolves.
const EMAIL: &str = "sample@leito.invalid";
/// A month of hours.
const HOURS: i64 = 720;
const BEDS: [(&str, &str); 4] = [
    ("air.bed", include_str!("../../examples/air.bed")),
    ("column.bed", include_str!("../../examples/column.bed")),
    ("demo.bed", include_str!("../../examples/demo.bed")),
    (
        "velocities.bed",
        include_str!("../../examples/velocities.bed"),
    ),
];

/// Stores a sample account with a project, beds and a month of metrics
///
/// The account has no password: administrators see what is in it. Samples that are there already stay as they are.
#[derive(Args)]
#[command(after_help = "Example:\n  leito seed\n  leito seed --json")]
pub struct SeedCommand {
    /// Print what was stored as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    inside: Inside,
}

impl SeedCommand {
    /// Stores all of it or nothing.
    pub async fn execute(self) -> Result<ExitCode> {
        let direct = Box::pin(self.inside.open(Tables::UpToDate)).await?;
        let mut client = direct.parts.store.client().await?;
        let tx = client.transaction().await?;
        let outcome = if users::find_by_email(&tx, EMAIL).await?.is_some() {
            json!({ "user": EMAIL, "beds": 0, "metrics": 0 })
        } else {
            store_samples(&tx, direct.parts.ids.as_ref(), SystemClock.now()).await?
        };
        tx.commit().await?;
        drop(client);
        direct.close().await?;
        if self.json {
            println!("{outcome:#}");
        } else {
            println!("samples stored:");
            crate::print_fields(&outcome);
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn store_samples(tx: &Transaction<'_>, ids: &dyn Ids, now: Timestamp) -> Result<Value> {
    let user = NewUser {
        id: ids.next(),
        name: "Sample".to_owned(),
        email: EMAIL.to_owned(),
        cpf: None,
        password_hash: None,
        is_admin: false,
    };
    users::insert(tx, &user).await?;
    let project = NewProject {
        id: ids.next(),
        name: "Samples".to_owned(),
        description: "Samples, made by `leito seed`.".to_owned(),
        created_by: user.id,
    };
    projects::insert(tx, &project).await?;
    for (file, source) in BEDS {
        let bed = ::bed::parse(source, file).map_err(|errors| anyhow::anyhow!("{errors}"))?;
        let home = Home {
            project_id: project.id,
            created_by: user.id,
            description: format!("A sample: examples/{file}."),
        };
        store_bed(tx, ids, home, &bed).await?;
    }
    let last_hour = schedule::previous_and_next(now, std::time::Duration::from_hours(1)).0;
    let metrics = (0..HOURS).map(|ago| metric(ids, user.id, project.id, last_hour, ago));
    let metrics = metrics.collect::<Result<Vec<_>>>()?;
    let stored = metrics::insert(tx, &metrics).await?;
    Ok(json!({ "user": EMAIL, "project": project.id, "beds": BEDS.len(), "metrics": stored }))
}

/// A smooth day on a slow trend: plainly made up, and the same each time.
fn metric(
    ids: &dyn Ids,
    user_id: Uuid,
    project_id: Uuid,
    last_hour: Timestamp,
    ago: i64,
) -> Result<NewMetric> {
    let day = (TAU * ago as f64 / 24.0).sin();
    let trend = 1.0 - ago as f64 / HOURS as f64;
    let timestamp = last_hour
        .checked_sub(SignedDuration::from_hours(ago))
        .context("the clock stands before 1970")?;
    Ok(NewMetric {
        id: ids.next(),
        key: Some(format!("sample {timestamp}")),
        project_id: Some(project_id),
        user_id: Some(user_id),
        kind: "sample".to_owned(),
        timestamp,
        period: "hour".to_owned(),
        values: Values {
            ia_efficiency: Some(0.7 + 0.1 * trend + 0.1 * day),
            model_accuracy: Some(0.85 + 0.05 * trend + 0.02 * day),
            processing_time_ms: Some(90_000.0 - 20_000.0 * trend + 15_000.0 * day),
            memory_usage_mb: Some(800.0 + 200.0 * day),
            error_rate: Some(0.05 - 0.02 * trend + 0.01 * day),
        },
        is_sample: true,
    })
}
