//! `GET /jobs/{id}/log`

use axum::extract::State;
use job::{Event, Job};
use leito_http::{Actor, App, Code, Json, Path, Problem, Query};
use objects::{Objects, Range, Unpacked};
use serde::{Deserialize, Serialize};
use store::access::Role;
use store::stage_outputs::StageOutput;
use store::{job_events, jobs};
use tokio::io::AsyncReadExt;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Lines in the answer when the caller does not say.
const LINES: u16 = 100;
/// And at most.
const MAX_LINES: u16 = 1000;
/// The end of a log that is read: lines of engines are shorter than 256 bytes nearly always.
const TAIL_BYTES: usize = 256 * 1024;

/// How much of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Lines from the end, at most 1000; 100 when left out.
    #[param(minimum = 1, maximum = 1000)]
    lines: Option<u16>,
    /// Which of the stage's logs; the largest when left out.
    #[param(example = "log.simpleFoam")]
    file: Option<String>,
}

/// The end of a job's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobLog {
    /// The last stage of which a log is stored: `packing`, `mesh` or `flow`. None before the first has ended.
    pub stage: Option<String>,
    /// The logs of that stage.
    pub files: Vec<String>,
    /// The one that `lines` are of.
    pub file: Option<String>,
    /// What the engine printed last in that stage; in a failed job, its last words.
    pub lines: Vec<String>,
    /// What the job told last, also while a stage runs whose log is not stored yet.
    pub progress: Vec<Event>,
}

#[derive(Deserialize)]
struct StoredLog {
    name: String,
    key: String,
    bytes: u64,
    #[serde(default)]
    unpacked: Option<Unpacked>,
}

impl StoredLog {
    /// Size of what the engine wrote.
    fn content_bytes(&self) -> u64 {
        let unpacked = self.unpacked.as_ref();
        unpacked.map_or(self.bytes, |content| content.bytes)
    }
}

/// The end of what the engines printed.
///
/// A log is stored when its stage ends; until then `progress` tells what is known.
#[utoipa::path(
    get, path = "/jobs/{id}/log", tag = "jobs", params(("id" = Uuid, Path, description = "The job"), Wanted),
    responses((status = 200, description = "The last lines", body = JobLog)),
)]
pub async fn show_log(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<JobLog>, Problem> {
    let count = wanted.lines.unwrap_or(LINES);
    if !(1..=MAX_LINES).contains(&count) {
        let detail = format!("`lines` is 1 to {MAX_LINES}, not {count}");
        return Err(Problem::new(Code::InvalidQuery, detail));
    }
    let client = app.store.client().await?;
    let job = jobs::get_for(&client, actor.as_at_least(Role::Viewer), id).await?;
    let progress = job_events::last(&client, id, count.into()).await?;
    let stage = job_events::last_stage(&client, id).await?;
    drop(client);
    let logs = stage.as_ref().map(logs).transpose()?.unwrap_or_default();
    let chosen = chosen(&logs, wanted.file.as_deref())?;
    let lines = match (last_words(&job), chosen) {
        (Some(words), _) if wanted.file.is_none() => words,
        (_, Some(log)) => tail(&app.objects, log).await?,
        (_, None) => String::new(),
    };
    Ok(Json(JobLog {
        stage: stage.map(|stage| stage.stage),
        file: chosen.map(|log| log.name.clone()),
        files: logs.iter().map(|log| log.name.clone()).collect(),
        lines: last_lines(&lines, count.into()),
        progress,
    }))
}

fn last_words(job: &Job) -> Option<String> {
    job.error.as_ref()?.last_words.clone()
}

fn logs(stage: &StageOutput) -> Result<Vec<StoredLog>, Problem> {
    let mut files: Vec<StoredLog> = serde_json::from_value(stage.files.clone())?;
    files.retain(|file| file.name.starts_with("log."));
    Ok(files)
}

fn chosen<'a>(
    logs: &'a [StoredLog],
    named: Option<&str>,
) -> Result<Option<&'a StoredLog>, Problem> {
    match named {
        None => Ok(logs.iter().max_by_key(|log| log.content_bytes())),
        Some(name) => {
            let found = logs.iter().find(|log| log.name == name);
            let missing = || Problem::not_found("log", name);
            found.map(Some).ok_or_else(missing)
        }
    }
}

async fn tail(objects: &Objects, log: &StoredLog) -> Result<String, Problem> {
    let bytes = match &log.unpacked {
        Some(_) => objects.end_of_unpacked(&log.key, TAIL_BYTES).await?,
        None => end(objects, log).await?,
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The end of a log that is stored as it was written.
async fn end(objects: &Objects, log: &StoredLog) -> Result<Vec<u8>, Problem> {
    let most = TAIL_BYTES as u64;
    let first = log.bytes.saturating_sub(most);
    let range = (first > 0).then_some(Range { first, last: None });
    let mut bytes = Vec::new();
    let stream = objects.get_stream(&log.key, range).await?;
    let mut end = stream.into_reader().take(most);
    end.read_to_end(&mut bytes)
        .await
        .map_err(Problem::unavailable)?;
    Ok(bytes)
}

fn last_lines(text: &str, count: usize) -> Vec<String> {
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(count);
    all[from..].iter().map(|line| (*line).to_owned()).collect()
}
