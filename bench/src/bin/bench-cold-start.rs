//! What a cold start of each function costs: from the start of its process to its first question for an event, and to its
//! first answer, through the Lambda runtime protocol, with its size as it is uploaded and its memory.
//! Measures the binaries that cargo-lambda built, which `./dev bench cold-start` does first.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bench::figures::{Figures, median, ms};
use bench::runtime_api::RuntimeApi;
use embedded::emulator::{Emulator, EmulatorSettings, Resources};
use embedded::postgres::{Postgres, PostgresSettings};
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Starts of each function; the median is told.
const STARTS: usize = 11;
const PATIENCE: Duration = Duration::from_secs(30);
/// Built beside them, for images: no functions.
const NO_FUNCTIONS: [&str; 2] = ["leito", "flow-solver"];
const READY_MS: f64 = 15.0;
const ZIP_MB: f64 = 5.0;
const RESIDENT_MB: f64 = 30.0;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let functions = functions(&built_functions()?)?;
    let folder = tempfile::tempdir()?;
    let postgres = Postgres::start(&PostgresSettings {
        data: folder.path().join("database"),
    })
    .await?;
    store::migrate(postgres.url()).await?;
    let emulator = Emulator::start(&EmulatorSettings {
        program: testkit::emulator_program(),
        data: folder.path().join("cloud"),
        keep: false,
        port: None,
        env: Vec::new(),
    })
    .await?;
    let (queues, objects) = Resources::default().ensure(emulator.endpoint_url()).await?;
    let surroundings = vec![
        ("DATABASE_URL", postgres.url().to_owned()),
        ("AWS_ENDPOINT_URL", emulator.endpoint_url().to_owned()),
        ("LEITO_PACKING_QUEUE_URL", queues.packing.url().to_owned()),
        ("LEITO_FLOW_QUEUE_URL", queues.flow.url().to_owned()),
        ("LEITO_BUCKET", objects.bucket.clone()),
        (
            "LEITO_WORK_DIR",
            folder.path().join("work").display().to_string(),
        ),
    ];
    println!(
        "median of {STARTS} starts; first answer: to a request without credentials, an empty batch, or a schedule"
    );
    println!(
        "{:14} {:>9} {:>15} {:>9} {:>13}",
        "function", "ready ms", "first answer ms", "zip MB", "resident MB"
    );
    let mut worst = Cost::default();
    for function in &functions {
        let cost = cost(function, &surroundings, folder.path()).await?;
        println!(
            "{:14} {:9.1} {:15.1} {:9.2} {:13.1}",
            function.name, cost.ready_ms, cost.answer_ms, cost.zip_mb, cost.resident_mb
        );
        worst.keep(&cost);
    }
    emulator.stop().await?;
    postgres.stop().await?;
    let mut figures = Figures::default();
    figures.at_most(
        "worst start to ready, ms",
        worst.ready_ms,
        READY_MS,
        "no network yet",
    );
    figures.at_most("largest zip, MB", worst.zip_mb, ZIP_MB, "as uploaded");
    figures.at_most(
        "most memory, MB",
        worst.resident_mb,
        RESIDENT_MB,
        "peak until the answer",
    );
    Ok(figures.exit())
}

struct Function {
    name: String,
    program: PathBuf,
}

/// What one start takes.
#[derive(Default)]
struct Cost {
    ready_ms: f64,
    answer_ms: f64,
    zip_mb: f64,
    resident_mb: f64,
}

impl Cost {
    /// The larger of both, figure by figure.
    fn keep(&mut self, other: &Self) {
        self.ready_ms = self.ready_ms.max(other.ready_ms);
        self.answer_ms = self.answer_ms.max(other.answer_ms);
        self.zip_mb = self.zip_mb.max(other.zip_mb);
        self.resident_mb = self.resident_mb.max(other.resident_mb);
    }
}

/// Where cargo-lambda leaves its results: `lambda` beside the folder of this program's profile.
fn built_functions() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let target = here.ancestors().nth(2).context("no target folder")?;
    Ok(target.join("lambda"))
}

fn functions(folder: &Path) -> Result<Vec<Function>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{}: build the functions first", folder.display()))?;
    let mut functions = Vec::new();
    for entry in entries {
        let program = entry?.path().join("bootstrap");
        if let Some(name) = program.parent().and_then(Path::file_name)
            && program.is_file()
        {
            let name = name.to_string_lossy().into_owned();
            if !NO_FUNCTIONS.contains(&name.as_str()) {
                functions.push(Function { name, program });
            }
        }
    }
    functions.sort_by(|one, other| one.name.cmp(&other.name));
    ensure!(
        !functions.is_empty(),
        "no function is in {}",
        folder.display()
    );
    Ok(functions)
}

async fn cost(function: &Function, surroundings: &[(&str, String)], folder: &Path) -> Result<Cost> {
    let (mut ready, mut answer, mut resident) = (Vec::new(), Vec::new(), Vec::new());
    for start in 0..STARTS {
        let seen = cold_start(function, start, surroundings).await?;
        ready.push(seen.0);
        answer.push(seen.1);
        resident.push(seen.2);
    }
    Ok(Cost {
        ready_ms: median(&mut ready),
        answer_ms: median(&mut answer),
        zip_mb: zipped_mb(&function.program, folder).await?,
        resident_mb: median(&mut resident),
    })
}

/// Milliseconds to the first question and to the first answer, and the most memory until then in MB.
async fn cold_start(
    function: &Function,
    start: usize,
    surroundings: &[(&str, String)],
) -> Result<(f64, f64, f64)> {
    let api = RuntimeApi::start(event(&function.name, start)).await?;
    let begun = Instant::now();
    let mut child = Command::new(&function.program)
        .env_clear()
        .envs(surroundings.iter().map(|(name, value)| (*name, value)))
        .env("AWS_LAMBDA_RUNTIME_API", api.address())
        .env("AWS_LAMBDA_FUNCTION_NAME", &function.name)
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env(
            "LEITO_TOKEN_SECRET",
            "a secret that the benchmark alone knows",
        )
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let seen = timeout(PATIENCE, api.seen())
        .await
        .with_context(|| format!("{} never answered", function.name))??;
    ensure!(!seen.is_failure, "{}: {}", function.name, seen.answer);
    let resident_mb = resident_mb(&child)?;
    child.kill().await?;
    Ok((
        ms(seen.ready.duration_since(begun)),
        ms(seen.answered.duration_since(begun)),
        resident_mb,
    ))
}

/// What such a function is asked for.
fn event(name: &str, start: usize) -> Value {
    match name {
        "outbox-relay" | "cleanup" | "usage-stats" => {
            // each time a time that was not served yet
            json!({ "scheduled_for": format!("2026-01-01T{:02}:00:00Z", start % 24) })
        }
        "dead-letters" | "bed-packer" => json!({ "Records": [] }),
        "migrate" => json!({}),
        "live" => json!({ "requestContext": { "connectionId": "bench", "eventType": "CONNECT" } }),
        noun => request(&format!("/api/v1/{noun}")),
    }
}

/// A request as API Gateway's HTTP API hands it over (payload format 2.0).
fn request(path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": { "host": "example.org", "accept": "application/json" },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "bench",
            "domainName": "example.org",
            "domainPrefix": "bench",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "bench"
            },
            "requestId": "bench",
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1_767_225_600_000_i64
        },
        "isBase64Encoded": false
    })
}

/// The most memory the process has had.
fn resident_mb(child: &Child) -> Result<f64> {
    let process = child.id().context("it ended by itself")?;
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kb: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .context("no VmHWM")?
        .trim()
        .parse()?;
    Ok(kb / 1000.0)
}

/// Size of the function as it is uploaded. Python's zip is what SAM CLI packs with.
async fn zipped_mb(program: &Path, folder: &Path) -> Result<f64> {
    let archive = folder.join("function.zip");
    let packed = Command::new("python3")
        .args(["-m", "zipfile", "-c"])
        .args([&archive, program])
        .status()
        .await?;
    ensure!(packed.success(), "python3 -m zipfile failed");
    let bytes = fs::metadata(&archive)?.len();
    fs::remove_file(&archive)?;
    Ok(bytes as f64 / 1e6)
}
