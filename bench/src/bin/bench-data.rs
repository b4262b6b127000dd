//! Whether answers stay as fast as the data grow: the same questions to databases with 10 thousand, a million and 10
//! million rows of metrics, jobs, audits and usage, in turns, so that noise of the machine hits all. Each may take 1.5
//! times of what it takes with 10 thousand rows. `--quick` leaves the largest out. Exits with a failure when a limit is
//! missed.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bench::figures::{Figures, ms, quantile};
use bench::history::{ADMINISTRATOR, History, OWNER, PROJECT};
use embedded::postgres::{Postgres, PostgresSettings};
use jiff::SignedDuration;
use store::list::{Cursor, Page};
use store::{Client, audits, jobs, metrics, usage};
use uuid::Uuid;

/// Rows of each table, and projects that they belong to.
const SIZES: [(u64, u64); 3] = [(10_000, 10), (1_000_000, 100), (10_000_000, 1000)];
const LIMIT: f64 = 1.5;
const SAMPLES: usize = 101;
/// The first few prepare statements and read what is then in memory.
const WARM_UP: usize = 10;
const ROWS: i64 = 50;
/// Buckets of a chart.
const POINTS: i32 = 200;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let folder = tempfile::tempdir()?;
    let postgres = Postgres::start(&PostgresSettings {
        data: folder.path().join("database"),
    })
    .await?;
    let figures = measure(&postgres, if quick { &SIZES[..2] } else { &SIZES }).await;
    postgres.stop().await?;
    Ok(figures?.exit())
}

async fn measure(postgres: &Postgres, sizes: &[(u64, u64)]) -> Result<Figures> {
    let mut asked = Vec::new();
    for (rows, projects) in sizes {
        let begun = Instant::now();
        let history = History::make(postgres.url(), *rows, *projects).await?;
        let seconds = begun.elapsed().as_secs_f64();
        println!("{rows} rows in {projects} projects: filled in {seconds:.0} s");
        asked.push(Asked::of(history).await?);
    }
    let mut figures = Figures::default();
    for (name, question) in QUESTIONS {
        for (what, ratio, beside) in compare(name, *question, &mut asked).await? {
            figures.at_most(&what, ratio, LIMIT, &beside);
        }
    }
    let (name, question) = OF_EVERYBODY;
    for (what, ratio, beside) in compare(name, question, &mut asked).await? {
        figures.unlimited(&what, ratio, &beside);
    }
    for one in &asked {
        one.history.store.close();
    }
    Ok(figures)
}

/// A figure: its name, how many times of the first one it is, and both.
type Ratio = (String, f64, String);

/// Asks all in turns and compares the larger ones with the first.
async fn compare(name: &str, question: Question, asked: &mut [Asked]) -> Result<Vec<Ratio>> {
    let mut samples = vec![Vec::new(); asked.len()];
    for round in 0..WARM_UP + SAMPLES {
        for (one, samples) in asked.iter_mut().zip(&mut samples) {
            let begun = Instant::now();
            one.ask(question).await.context(name.to_owned())?;
            if round >= WARM_UP {
                samples.push(begun.elapsed());
            }
        }
    }
    let medians: Vec<Duration> = samples.iter_mut().map(|it| quantile(it, 0.5)).collect();
    let (base, larger) = medians.split_first().context("nothing was asked")?;
    let ratio = |(median, one): (&Duration, &Asked)| {
        let what = format!("{name}, {:.0e} rows", one.history.rows as f64);
        let beside = format!("{:.2} ms, {:.2} ms", ms(*median), ms(*base));
        (what, median.as_secs_f64() / base.as_secs_f64(), beside)
    };
    Ok(larger.iter().zip(asked.iter().skip(1)).map(ratio).collect())
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
enum Question {
    Jobs(Uuid, jobs::Search),
    DeepJobs,
    Audits(Uuid, Option<&'static str>, Option<&'static str>),
    DeepAudits(Uuid),
    Series(Option<Uuid>),
    RollUp,
}

const ANY: jobs::Search = jobs::Search {
    project_id: None,
    bed_id: None,
    created_by: None,
    kind: None,
    status: None,
    created: store::list::Range {
        from: None,
        to: None,
    },
};

const OF_PROJECT: jobs::Search = jobs::Search {
    project_id: Some(PROJECT),
    ..ANY
};

const FAILED: Option<job::Status> = Some(job::Status::Failed);

/// An administrator who names no project walks through each: what that takes grows with their number, and nothing is asked
/// of it.
const OF_EVERYBODY: (&str, Question) = (
    "failed jobs of everybody's projects",
    Question::Jobs(
        ADMINISTRATOR,
        jobs::Search {
            status: FAILED,
            ..ANY
        },
    ),
);

const QUESTIONS: &[(&str, Question)] = &[
    (
        "jobs of a project that failed",
        Question::Jobs(
            OWNER,
            jobs::Search {
                status: FAILED,
                ..OF_PROJECT
            },
        ),
    ),
    (
        "jobs of one kind that failed",
        Question::Jobs(
            OWNER,
            jobs::Search {
                status: FAILED,
                kind: Some(job::Kind::Flow),
                ..OF_PROJECT
            },
        ),
    ),
    (
        "jobs of one person",
        Question::Jobs(
            OWNER,
            jobs::Search {
                created_by: Some(OWNER),
                ..ANY
            },
        ),
    ),
    (
        "jobs of one kind of all one's projects",
        Question::Jobs(
            OWNER,
            jobs::Search {
                kind: Some(job::Kind::Flow),
                ..ANY
            },
        ),
    ),
    ("jobs, deep page by cursor", Question::DeepJobs),
    (
        "audits of a kind, owner",
        Question::Audits(OWNER, Some("share_link"), None),
    ),
    (
        "audits of an action, owner",
        Question::Audits(OWNER, None, Some("deleted")),
    ),
    (
        "audits of a kind, administrator",
        Question::Audits(ADMINISTRATOR, Some("share_link"), None),
    ),
    (
        "audits, deep page by cursor, owner",
        Question::DeepAudits(OWNER),
    ),
    (
        "audits, deep page by cursor, administrator",
        Question::DeepAudits(ADMINISTRATOR),
    ),
    (
        "30 days of a project's metrics",
        Question::Series(Some(PROJECT)),
    ),
    ("30 days of all one's projects", Question::Series(None)),
    ("roll-up of one hour", Question::RollUp),
];

/// Somebody who asks one of the databases.
struct Asked {
    history: History,
    client: Client,
    job: Cursor,
    audit: Uuid,
}

impl Asked {
    async fn of(history: History) -> Result<Self> {
        let client = history.store.client().await?;
        let most = "SELECT count(*) * 8 / 10 FROM jobs WHERE project_id = $1";
        let row = client.query_one(most, &[&PROJECT]).await;
        let offset = row.and_then(|row| row.try_get(0));
        let deep = Page {
            limit: 1,
            offset: offset.map_err(store::Error::from)?,
            after: None,
        };
        let found = jobs::search(&client, ADMINISTRATOR, OF_PROJECT, true, &deep).await?;
        let job = found.next.context("the list of jobs is not that long")?;
        let oldest = "SELECT id FROM automation_audits ORDER BY id OFFSET $1 LIMIT 1";
        let fifth = i64::try_from(history.rows / 5)?;
        let row = client.query_one(oldest, &[&fifth]).await;
        let audit = row.and_then(|row| row.try_get(0));
        let audit = audit.map_err(store::Error::from)?;
        Ok(Self {
            history,
            client,
            job,
            audit,
        })
    }

    async fn ask(&mut self, question: Question) -> Result<()> {
        match question {
            Question::Jobs(who, wanted) => self.jobs(who, wanted, None).await,
            Question::DeepJobs => self.jobs(OWNER, OF_PROJECT, Some(self.job.clone())).await,
            Question::Audits(who, kind, action) => self.audits(who, kind, action, None).await,
            Question::DeepAudits(who) => self.audits(who, None, None, Some(self.audit)).await,
            Question::Series(project_id) => self.series(project_id).await,
            Question::RollUp => self.roll_up().await,
        }
    }

    async fn jobs(&self, who: Uuid, wanted: jobs::Search, after: Option<Cursor>) -> Result<()> {
        let page = Page {
            limit: ROWS,
            offset: 0,
            after,
        };
        let found = jobs::search(&self.client, who, wanted, true, &page).await?;
        full(found.rows.len())
    }

    async fn audits(
        &self,
        who: Uuid,
        kind: Option<&str>,
        action: Option<&str>,
        before: Option<Uuid>,
    ) -> Result<()> {
        let wanted = audits::Search {
            kind: kind.map(str::to_owned),
            action: action.map(str::to_owned),
            before,
            limit: ROWS,
            ..audits::Search::default()
        };
        full(audits::search(&self.client, who, &wanted).await?.len())
    }

    async fn series(&self, project_id: Option<Uuid>) -> Result<()> {
        let wanted = metrics::Wanted {
            metric: "processing_time_ms",
            project_id,
            kind: None,
            user_id: None,
            from: Some(self.history.end - SignedDuration::from_hours(30 * 24)),
            to: self.history.end,
            group_by: None,
            points: POINTS,
            groups: 10,
        };
        let found = metrics::series(&self.client, OWNER, &wanted).await?;
        let buckets = found.groups.first().map_or(0, |group| group.buckets.len());
        ensure!(buckets > 150, "{buckets} buckets");
        Ok(())
    }

    /// Undone each time, so that each does the work of the first.
    async fn roll_up(&mut self) -> Result<()> {
        let hour = self.history.end - SignedDuration::from_hours(1);
        let tx = self.client.transaction().await;
        let tx = tx.map_err(store::Error::from)?;
        let summed = usage::roll_up(&tx, hour).await?;
        tx.rollback().await.map_err(store::Error::from)?;
        ensure!(summed.hours > 10 && summed.days > 10, "{summed:?}");
        Ok(())
    }
}

fn full(rows: usize) -> Result<()> {
    ensure!(i64::try_from(rows)? >= ROWS, "a page of {rows} rows");
    Ok(())
}
