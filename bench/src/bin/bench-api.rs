//! How much of what Postgres alone can do is left when the API stands before it. `leito up` as it ships answers 32
//! connections; `pgbench` sends the very statements that such a request makes, prepared, over as many connections to the
//! same Postgres. They take turns, so that noise of the machine hits both. Exits with a failure when a limit is missed.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use bench::figures::{Figures, median, ms, quantile};
use bench::leito::{Leito, Running};
use bench::load::{Answers, Asked, Target, text};
use bench::pgbench::Script;
use bench::recorded::{Statement, statements};
use serde_json::{Value, json};
use store::Store;

const CONNECTIONS: usize = 32;
const ROUNDS: u64 = 5;
const LASTING: Duration = Duration::from_secs(4);
/// The first answers of a process fill its pool and prepare its statements.
const WARM_UP: Duration = Duration::from_secs(2);
const PAGE: &str = "/api/v1/beds?limit=100";

// Beside the load, one thread is enough to make it: both cores belong to what is measured.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let running = Leito::beside_us(folder.path())?.start()?;
    let bench = Bench::prepare(&running, folder.path()).await?;
    let mut measured = Measured::default();
    bench.warm_up().await?;
    for round in 1..=ROUNDS {
        bench.round(round, &mut measured).await?;
    }
    let mut figures = Figures::default();
    measured.judge(&mut figures);
    let most = running.most_resident_mb()?;
    figures.at_most("resident memory under load, MB", most, 80.0, "its peak");
    running.stop()?;
    Ok(figures.exit())
}

/// What one side and the other reached, round by round.
#[derive(Default)]
struct Measured {
    read: Pair,
    create: Pair,
    list: Pair,
}

#[derive(Default)]
struct Pair {
    api: Answers,
    rates: Vec<f64>,
    alone: Vec<f64>,
}

impl Pair {
    fn add(&mut self, answers: Answers, alone: f64) {
        self.rates.push(answers.rate());
        self.alone.push(alone);
        self.api.latencies.extend(answers.latencies);
    }

    /// The middle one of the rounds' ratios, and the rates behind them.
    fn judge(mut self, figures: &mut Figures, what: &str, limit: f64, alone: &str) {
        let rounds = self.rates.iter().zip(&self.alone);
        let mut ratios: Vec<f64> = rounds.map(|(rate, alone)| rate / alone).collect();
        let (rate, other) = (median(&mut self.rates), median(&mut self.alone));
        let beside = format!("{rate:.0}/s, {alone} {other:.0}/s");
        figures.at_least(what, median(&mut ratios), limit, &beside);
        let beside = format!(
            "{:.1} ms, {:.1} ms",
            ms(quantile(&mut self.api.latencies, 0.99)),
            ms(quantile(&mut self.api.latencies, 0.5))
        );
        figures.at_most("  p99 / median", self.api.tail(), 5.0, &beside);
    }
}

impl Measured {
    fn judge(self, figures: &mut Figures) {
        let reads = "pgbench's reads";
        self.read
            .judge(figures, "read one bed / pgbench", 1.0 / 3.0, "pgbench");
        self.create
            .judge(figures, "create one bed / pgbench", 0.5, "pgbench");
        self.list
            .judge(figures, "list 100 beds / pgbench's reads", 0.125, reads);
    }
}

/// Both sides of each comparison.
struct Bench<'a> {
    target: Target,
    project_id: String,
    /// One bed to read for each connection.
    beds: Vec<String>,
    database_url: String,
    folder: &'a Path,
    read: Script,
    create: Script,
}

impl<'a> Bench<'a> {
    async fn prepare(running: &Running, folder: &'a Path) -> Result<Self> {
        let target = Target {
            socket: running.socket()?,
            key: running.key()?,
        };
        let projects = target.ask(Asked::get("/api/v1/projects")).await?;
        let project_id = text(&projects["projects"][0], "id")?.to_owned();
        let mut beds = Vec::new();
        for number in 0..100.max(CONNECTIONS) {
            let bed = target.ask(new_bed(&project_id, 0, number, 0)).await?;
            beds.push(text(&bed, "id")?.to_owned());
        }
        let database_url = running.database_url()?;
        let store = Store::connect(&store::Settings::new(&database_url))?;
        let log = running.database_log();
        let first = beds.first().context("no bed")?;
        let ask = target.ask(read(first));
        let read = reading(&statements(&store, &log, ask, first).await?, first)?;
        let ask = target.ask(new_bed(&project_id, 0, 0, 1));
        let name = name(0, 0, 1);
        let create = creating(&statements(&store, &log, ask, &name).await?, &name)?;
        store.close();
        Ok(Self {
            target,
            project_id,
            beds,
            database_url,
            folder,
            read,
            create,
        })
    }

    async fn warm_up(&self) -> Result<()> {
        self.reads(WARM_UP).await?;
        self.creates(0, WARM_UP).await?;
        Ok(())
    }

    async fn round(&self, round: u64, measured: &mut Measured) -> Result<()> {
        let reads = self.reads(LASTING).await?;
        let alone = self.pgbench(&self.read, &[("begun", 0)])?;
        measured.read.add(reads, alone);
        let list = |_, _| Asked::get(PAGE);
        let lists = self.target.load(CONNECTIONS, LASTING, list).await?;
        measured.list.add(lists, alone);
        let creates = self.creates(round, LASTING).await?;
        let first = round * 1_000_000_000;
        let alone = self.pgbench(&self.create, &[("n", first)])?;
        measured.create.add(creates, alone);
        Ok(())
    }

    async fn reads(&self, lasting: Duration) -> Result<Answers> {
        let beds = self.beds.clone();
        let next = move |connection: usize, _| read(&beds[connection]);
        self.target.load(CONNECTIONS, lasting, next).await
    }

    async fn creates(&self, round: u64, lasting: Duration) -> Result<Answers> {
        let project_id = self.project_id.clone();
        let next = move |connection, number| new_bed(&project_id, round, connection, number + 2);
        self.target.load(CONNECTIONS, lasting, next).await
    }

    fn pgbench(&self, script: &Script, variables: &[(&str, u64)]) -> Result<f64> {
        // nothing of ours runs meanwhile that would be held up
        let url = &self.database_url;
        script.rate(url, self.folder, CONNECTIONS, LASTING, variables)
    }
}

fn read(id: &str) -> Asked {
    Asked::get(format!("/api/v1/beds/{id}"))
}

fn name(round: u64, connection: usize, number: usize) -> String {
    format!("bench-{round}-{connection}-{number}")
}

/// The demo's bed under another name.
fn new_bed(project_id: &str, round: u64, connection: usize, number: usize) -> Asked {
    let spec: Value = json!({
        "name": name(round, connection, number),
        "geometry": { "diameter_m": 0.02, "height_m": 0.06 },
        "particles": { "diameter_m": 0.005, "count": 100 },
        "flow": {
            "fluid_density_kg_m3": 998.0, "fluid_viscosity_pa_s": 0.001, "velocities_m_s": [0.002], "quality": "draft"
        },
    });
    let body =
        json!({ "project_id": project_id, "description": "Made to be counted.", "spec": spec });
    Asked::post("/api/v1/beds", &body)
}

/// Each connection of `pgbench` reads its own bed, too; which one it asks for once.
fn reading(statements: &[Statement], bed: &str) -> Result<Script> {
    let own = "\\if :begun = 0\n\
        SELECT id AS bed FROM beds ORDER BY id OFFSET :client_id LIMIT 1 \\gset\n\
        \\set begun 1\n\
        \\endif\n";
    Script::beginning_with(own).sending(statements, |_, _, value| {
        (value == bed).then(|| ":bed".to_owned())
    })
}

/// New ids and a new name each time, made of a number that each connection counts up.
fn creating(statements: &[Statement], name: &str) -> Result<Script> {
    let count = format!("\\set n :n + {CONNECTIONS}\n\\set m :n + :client_id\n");
    Script::beginning_with(&count).sending(statements, |statement, number, value| {
        let is_new_id = number == 1 && statement.sql.trim_start().starts_with("INSERT");
        match value {
            value if value == name => Some("('bench-' || :m)".to_owned()),
            _ if is_new_id => Some("lpad(to_hex(:m::bigint), 32, '0')::uuid".to_owned()),
            _ => None,
        }
    })
}
