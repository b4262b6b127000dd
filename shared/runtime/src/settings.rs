//! Everything the environment decides, read once when a process starts. All that is wrong is told in one go.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tracing_subscriber::filter::{LevelFilter, Targets};

use crate::{Error, Machine};

mod read;
mod uploads;
mod whole;

use read::Reader;
pub use uploads::Uploads;

/// Where the artefacts live when nothing else is said.
pub const DEFAULT_BUCKET: &str = "leito-artifacts";

/// What a process is told by its environment.
#[derive(Clone)]
pub struct Settings {
    /// Postgres and its pool.
    pub database: Database,
    /// `AWS_ENDPOINT_URL`: the emulator, or any other server that speaks S3 and SQS; none means AWS itself.
    pub endpoint_url: Option<String>,
    /// `LEITO_BUCKET`: the bucket of artefacts.
    pub bucket: String,
    /// `LEITO_PACKING_QUEUE_URL` and `LEITO_FLOW_QUEUE_URL`, both or neither; only `migrate` does without.
    pub queues: Option<Queues>,
    /// `LEITO_LIVE_ENDPOINT`: the stage of the WebSocket API, where messages to its connections are posted; none where
    /// nobody is told of job events.
    pub live_endpoint: Option<String>,
    /// `LEITO_TOKEN_SECRET`, at least 32 characters: signs the tokens of log-ins. Every function that answers HTTP
    /// has the same; the others have none.
    pub token_secret: Option<String>,
    /// `LEITO_CORES` and `LEITO_MEMORY_MB`: what the engines' machine has; this one where not said,
    /// [`Machine::CLOUD_WORKER`] on Lambda.
    pub machine: Machine,
    /// `UPLOAD_MAX_SIZE` and `UPLOAD_CHUNK_SIZE`: what people may store.
    pub uploads: Uploads,
    /// `LEITO_WORK_DIR`: where workers make their private folders.
    pub work_dir: PathBuf,
    /// `LEITO_LISTEN`: address of the listener outside Lambda.
    pub listen: SocketAddr,
    /// `LEITO_LOG`: the least level of what is logged, also by target (`info`, `warn,store=debug`, …).
    pub log: Targets,
    /// `LEITO_METRICS`: the namespace under which CloudWatch is told figures of the system; none where nobody is.
    pub metrics: Option<String>,
    /// Whether the Lambda runtime started this process.
    pub on_lambda: bool,
}

/// Where Postgres is and how many connections are kept.
#[derive(Clone)]
pub struct Database {
    /// `DATABASE_URL`; holds a password.
    pub url: String,
    /// `DB_POOL_SIZE`: connections kept.
    pub pool_size: usize,
    /// `DB_MAX_OVERFLOW`: connections above that under load.
    pub max_overflow: usize,
    /// `DB_POOL_RECYCLE` in seconds: the age at which a connection is retired.
    pub recycle: Duration,
    /// `DB_STATEMENT_TIMEOUT` in seconds: how long one statement may take. Less than whoever waits for it has.
    pub statement_timeout: Duration,
}

/// The addresses of the two work queues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queues {
    /// Where packing jobs are announced.
    pub packing_url: String,
    /// Where flow jobs are announced.
    pub flow_url: String,
}

impl Settings {
    /// Reads the process's environment; the error lists every variable that is wrong.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_vars(default_work_dir(), variable)
    }

    /// The same for a process that is the whole system on services elsewhere: what others can do without is demanded.
    pub fn whole_from_env() -> Result<Self, Error> {
        Self::whole_from_vars(default_work_dir(), variable)
    }

    /// Reads variables through `lookup`, which says what is wrong with one it cannot give.
    pub fn from_vars(
        default_work_dir: PathBuf,
        lookup: impl Fn(&'static str) -> Result<Option<String>, String>,
    ) -> Result<Self, Error> {
        let mut vars = Reader::new(lookup);
        let settings = read_all(&mut vars, default_work_dir);
        vars.finish(settings)
    }

    /// The same, demanding what [`Settings::whole_from_env`] does.
    pub fn whole_from_vars(
        default_work_dir: PathBuf,
        lookup: impl Fn(&'static str) -> Result<Option<String>, String>,
    ) -> Result<Self, Error> {
        let mut vars = Reader::new(lookup);
        let settings = read_all(&mut vars, default_work_dir);
        whole::demand(&mut vars);
        vars.finish(settings)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]
fn variable(name: &'static str) -> Result<Option<String>, String> {
    let Some(value) = std::env::var_os(name) else {
        return Ok(None);
    };
    let text = value.into_string();
    text.map(Some)
        .map_err(|_| "is not valid Unicode".to_owned())
}

fn default_work_dir() -> PathBuf {
    std::env::temp_dir().join("leito")
}

fn read_all(vars: &mut Reader, default_work_dir: PathBuf) -> Settings {
    let on_lambda = vars.text("AWS_LAMBDA_RUNTIME_API").is_some();
    Settings {
        database: database(vars, on_lambda),
        endpoint_url: vars.http_url("AWS_ENDPOINT_URL"),
        bucket: vars
            .bucket("LEITO_BUCKET")
            .unwrap_or_else(|| DEFAULT_BUCKET.to_owned()),
        queues: queues(vars),
        live_endpoint: vars.http_url("LEITO_LIVE_ENDPOINT"),
        token_secret: vars.secret("LEITO_TOKEN_SECRET"),
        machine: machine(vars, on_lambda),
        uploads: uploads::read(vars),
        work_dir: vars
            .absolute_path("LEITO_WORK_DIR")
            .unwrap_or(default_work_dir),
        listen: vars
            .loopback("LEITO_LISTEN")
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
        log: vars
            .log_filter("LEITO_LOG")
            .unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO)),
        metrics: vars.text("LEITO_METRICS"),
        on_lambda,
    }
}

/// A Lambda instance serves one request at a time, so it keeps one connection.
fn database(vars: &mut Reader, on_lambda: bool) -> Database {
    let (size, overflow, limit_s) = if on_lambda { (1, 0, 20) } else { (10, 20, 30) };
    Database {
        url: vars.postgres_url("DATABASE_URL").unwrap_or_default(),
        pool_size: vars.whole("DB_POOL_SIZE", 1..=1000).unwrap_or(size),
        max_overflow: vars.whole("DB_MAX_OVERFLOW", 0..=1000).unwrap_or(overflow),
        recycle: Duration::from_secs(vars.whole("DB_POOL_RECYCLE", 1..=86_400).unwrap_or(3600)),
        statement_timeout: Duration::from_secs(
            vars.whole("DB_STATEMENT_TIMEOUT", 1..=3600)
                .unwrap_or(limit_s),
        ),
    }
}

fn queues(vars: &mut Reader) -> Option<Queues> {
    const PACKING: &str = "LEITO_PACKING_QUEUE_URL";
    const FLOW: &str = "LEITO_FLOW_QUEUE_URL";
    match (vars.http_url(PACKING), vars.http_url(FLOW)) {
        (Some(packing_url), Some(flow_url)) if packing_url == flow_url => {
            vars.refuse(
                FLOW,
                format!("is the same queue as {PACKING}: each kind of job has its own"),
            );
            None
        }
        (Some(packing_url), Some(flow_url)) => Some(Queues {
            packing_url,
            flow_url,
        }),
        (Some(_), None) => {
            vars.refuse_unless_told(FLOW, format!("is missing although {PACKING} is set"))
        }
        (None, Some(_)) => {
            vars.refuse_unless_told(PACKING, format!("is missing although {FLOW} is set"))
        }
        (None, None) => None,
    }
}

/// Engines never run on Lambda, so a function there has nothing to find out.
fn machine(vars: &mut Reader, on_lambda: bool) -> Machine {
    let found = if on_lambda {
        Machine::CLOUD_WORKER
    } else {
        Machine::detect()
    };
    Machine {
        cores: vars.whole("LEITO_CORES", 1..=1024).unwrap_or(found.cores),
        memory_mb: vars
            .whole("LEITO_MEMORY_MB", 64..=67_108_864)
            .unwrap_or(found.memory_mb),
    }
}
