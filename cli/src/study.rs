//! One study through the HTTP API: submitted, followed to its end, its files fetched.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use job::Status;
use tokio_util::sync::CancellationToken;

use crate::api::{Api, Bed, BedFile, Job, Simulation, Started};
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
    /// Creates the bed and asks for its flows.
    pub async fn submit(api: &Api, source: &str) -> Result<Self> {
        let submitted = Instant::now();
        let bed = api.create_bed(source).await?;
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
            api.cancel(&job.id)
                .await
                .with_context(|| format!("cannot cancel the {} job", job.kind))?;
        }
        for job in &self.started.jobs {
            follow::to_the_end(api, job, &mut Display::Silent).await?;
        }
        Ok(())
    }
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

/// Fetches the files of the packing and of this simulation into the folder.
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
    Path::new(&file.name)
        .file_name()
        .with_context(|| format!("`{}` is no file name", file.name))
}
