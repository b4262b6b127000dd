//! `leito job …`: the work of the running system.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use serde_json::Value;

use crate::Place;
use crate::api::Api;

mod watch;

/// Lists, shows and cancels jobs of the running Leito.
#[derive(Subcommand)]
pub enum JobCommand {
    /// The newest jobs
    #[command(
        after_help = "Example:\n  leito job list --status running\n  leito job list --limit 5 --json"
    )]
    List(ListArgs),
    /// One job
    #[command(after_help = "Example:\n  leito job show 01890a5d-ac96-774b-bcce-b302099a8057")]
    Show(OneArgs),
    /// What happens to jobs, until all of them have ended
    #[command(
        after_help = "Example:\n  leito job watch 01890a5d-ac96-774b-bcce-b302099a8057\n\nDone (0) when all were completed."
    )]
    Watch(WatchArgs),
    /// Ask for a job to stop
    #[command(after_help = "Example:\n  leito job cancel 01890a5d-ac96-774b-bcce-b302099a8057")]
    Cancel(OneArgs),
}

/// Which jobs.
#[derive(Args)]
pub struct ListArgs {
    /// Only those in this state: queued, running, completed, failed or cancelled
    #[arg(long)]
    status: Option<job::Status>,
    /// How many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,
    /// Print them as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Which job.
#[derive(Args)]
pub struct OneArgs {
    /// Its id
    id: uuid::Uuid,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Which jobs.
#[derive(Args)]
pub struct WatchArgs {
    /// Their ids
    #[arg(required = true)]
    ids: Vec<uuid::Uuid>,
    /// Print each event as JSON, in a line of its own
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl JobCommand {
    /// Asks the running system.
    pub async fn execute(self) -> Result<ExitCode> {
        match self {
            Self::List(list) => {
                let status = list.status.map(|status| format!("&status={status}"));
                let path = format!("/jobs?limit={}{}", list.limit, status.unwrap_or_default());
                let found = api(&list.place)?.get(&path).await?;
                if list.json {
                    println!("{found:#}");
                } else {
                    found["jobs"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .for_each(print_line);
                }
            }
            Self::Show(one) => {
                let job = api(&one.place)?.get(&format!("/jobs/{}", one.id)).await?;
                print(&job, one.json);
            }
            Self::Watch(jobs) => {
                let (address, key) = running(&jobs.place)?;
                return watch::watch(&address, &key, &jobs.ids, jobs.json).await;
            }
            Self::Cancel(one) => {
                let job = api(&one.place)?
                    .post(&format!("/jobs/{}/cancel", one.id))
                    .await?;
                print(&job, one.json);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn api(place: &Place) -> Result<Api> {
    let (address, key) = running(place)?;
    Api::at(&address, &key)
}

/// Where the running system is, and the key to it.
fn running(place: &Place) -> Result<(String, String)> {
    let folder = place.folder()?;
    let running = folder.running()?.with_context(|| {
        let folder = folder.path().display();
        format!("no Leito runs on {folder}; start it with `leito up`")
    })?;
    Ok((running.address, folder.key()?))
}

fn print(job: &Value, json: bool) {
    if json {
        println!("{job:#}");
    } else {
        crate::print_fields(job);
    }
}

fn print_line(job: &Value) {
    let text = |field: &str| job[field].as_str().unwrap_or("-").to_owned();
    println!(
        "{}  {:8} {:10} {:12} {}",
        text("id"),
        text("kind"),
        text("status"),
        text("stage"),
        text("created_at")
    );
}
