//! One study through the HTTP API: submitted, followed to its end, its files fetched.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use job::Status;
use tokio_util::sync::CancellationToken;

use crate::api::{Api, Bed, BedFile, Job, Refusal, Simulation, Started};
use crate::follow::{self, Display};

/// A submitted study.
pub struct Study {
    pub bed: Bed,
    pub started: Started,
    /// When it was submitted.
    pub submitted: Instant,
}

/// How a study ended.
pub enum Ended {
    /// With numbers.
    With(Box<Simulation>),
    /// Without, and this is why.
    WithoutResult(String),
    /// Because we were told to stop; its jobs are cancelled.
    Interrupted,
}

impl Study {
    /// Stores the bed, which may be a changed one, and asks for its flows.
    pub async fn submit(api: &Api, source: &str) -> Result<Self> {
        let submitted = Instant::now();
        let bed = api.store_bed(source).await?;
        if let Some(plan) = &bed.plan {
            eprintln!("{}: {}", bed.name, crate::report::plan(plan));
        }
        let started = api.simulate(&bed.id).await?;
        Ok(Self {
            bed,
            started,
            submitted,
        })
    }

    /// Shows progress until every job has ended, or cancels them when told to stop.
    pub async fn follow(&self, api: &Api, stop: &CancellationToken) -> Result<Ended> {
        let mut display = Display::new();
        let ended = tokio::select! {
            ended = self.all_jobs(api, &mut display) => Some(ended),
            () = stop.cancelled() => None,
        };
        display.finish();
        match ended {
            Some(ended) => ended,
            None => self.cancel(api).await.map(|()| Ended::Interrupted),
        }
    }

    async fn all_jobs(&self, api: &Api, display: &mut Display) -> Result<Ended> {
        for job in &self.started.jobs {
            let job = follow::to_the_end(api, job, display).await?;
            match job.status {
                Status::Completed => {}
                Status::Cancelled => {
                    return Ok(Ended::WithoutResult(format!("{} was cancelled", job.kind)));
                }
                _ => return Ok(Ended::WithoutResult(why(&job))),
            }
        }
        Ok(Ended::With(Box::new(
            api.simulation(&self.started.simulation.id).await?,
        )))
    }

    /// The last job first: a packing that is cancelled would take the flow that waits for it along anyway.
    async fn cancel(&self, api: &Api) -> Result<()> {
        eprintln!("stopping");
        for job in self.started.jobs.iter().rev() {
            match api.cancel(&job.id).await {
                Err(error) if !has_ended(&error) => {
                    return Err(error.context(format!("cannot cancel the {} job", job.kind)));
                }
                _ => {}
            }
        }
        for job in &self.started.jobs {
            follow::to_the_end(api, job, &mut Display::Silent).await?;
        }
        Ok(())
    }
}

/// A job that ended before it could be cancelled, such as the packing of a flow that runs, is refused as a conflict.
fn has_ended(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<Refusal>()
        .is_some_and(|refusal| refusal.status == 409)
}

fn why(job: &Job) -> String {
    let Some(failure) = &job.error else {
        return format!("{} failed", job.kind);
    };
    let words = failure
        .last_words
        .as_deref()
        .map(|words| format!("\nits last words:\n{words}"));
    format!(
        "{} failed: {}{}",
        job.kind,
        failure.message,
        words.unwrap_or_default()
    )
}

/// Fetches the files of the packing and of this simulation into the folder, where any program can open them.
pub async fn download(api: &Api, simulation: &Simulation, folder: &Path) -> Result<Vec<PathBuf>> {
    let bed = &simulation.bed_id;
    let mut files = api.files(bed).await?;
    files.retain(|file| {
        file.simulation_id
            .as_ref()
            .is_none_or(|of| *of == simulation.id)
    });
    let mut paths = Vec::new();
    for file in files {
        let path = folder.join(plain_name(&file)?);
        api.download(bed, &file, &path)
            .await
            .with_context(|| format!("cannot fetch {}", file.name))?;
        paths.push(path);
    }
    Ok(paths)
}

/// A name that stays inside the folder.
fn plain_name(file: &BedFile) -> Result<&std::ffi::OsStr> {
    let name = file.content_name();
    Path::new(name)
        .file_name()
        .with_context(|| format!("`{name}` is no file name"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::extract::Path;
    use axum::http::StatusCode;
    use axum::routing::{get, post};
    use axum::{Json, Router};
    use serde_json::{Value, json};

    use super::*;

    fn job(id: &str) -> Value {
        let status = if id == "packing" {
            "completed"
        } else {
            "cancelled"
        };
        json!({ "id": id, "kind": id, "status": status, "error": null })
    }

    /// A system whose packing has ended and whose flow runs until it is cancelled.
    async fn system(asked: Arc<Mutex<Vec<String>>>) -> Api {
        let cancel = async move |Path(id): Path<String>| {
            let status = if id == "packing" {
                StatusCode::CONFLICT
            } else {
                StatusCode::ACCEPTED
            };
            let body = job(&id);
            asked.lock().unwrap().push(id);
            (status, Json(body))
        };
        let events = async |Path(id): Path<String>| {
            Json(json!({ "events": [], "status": job(&id)["status"] }))
        };
        let routes = Router::new()
            .route("/api/v1/jobs/{id}/cancel", post(cancel))
            .route("/api/v1/jobs/{id}/events", get(events))
            .route(
                "/api/v1/jobs/{id}",
                get(async |Path(id): Path<String>| Json(job(&id))),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, routes).into_future());
        Api::at(&address, "leito_none").unwrap()
    }

    #[tokio::test]
    async fn a_study_told_to_stop_during_its_flow_is_interrupted_although_its_packing_has_ended() {
        let asked = Arc::default();
        let api = system(Arc::clone(&asked)).await;
        let started = json!({ "simulation": { "id": "s" }, "jobs": [job("packing"), job("flow")] });
        let study = Study {
            bed: serde_json::from_value(json!({ "id": "b", "name": "b", "plan": null })).unwrap(),
            started: serde_json::from_value(started).unwrap(),
            submitted: Instant::now(),
        };
        let ended = study.cancel(&api).await;
        assert!(ended.is_ok(), "{ended:?}");
        assert_eq!(*asked.lock().unwrap(), ["flow", "packing"]);
    }
}
