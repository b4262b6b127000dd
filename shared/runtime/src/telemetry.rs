//! Log lines: JSON where a machine reads them, coloured text where a person does.

use std::io::{self, IsTerminal, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::Error;
use crate::settings::Settings;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, on standard output: what the Lambda runtime collects.
    Json,
    /// Text on standard error, which leaves standard output to results; coloured on a terminal.
    Human,
}

/// Starts logging for the whole process, as the settings say. Once a process.
pub fn init(settings: &Settings) -> Result<(), Error> {
    let format = if settings.on_lambda {
        Format::Json
    } else {
        Format::Human
    };
    start(format, &settings.log)
}

/// Starts logging with an explicit format and filter (`info`, `warn,store=debug`, …).
pub fn start(format: Format, filter: &str) -> Result<(), Error> {
    let builder = fmt().with_env_filter(EnvFilter::builder().parse_lossy(filter));
    let started = match format {
        Format::Json => builder
            .json()
            .flatten_event(true)
            .with_writer(io::stdout)
            .try_init(),
        Format::Human => builder
            .with_ansi(io::stderr().is_terminal())
            .with_writer(io::stderr)
            .try_init(),
    };
    started.map_err(|_| Error::TelemetryTwice)
}

/// Writes one line beside the log, for a reader that wants a form of its own: CloudWatch makes metrics of such lines.
pub fn line(text: &str) -> io::Result<()> {
    // in one piece: other threads log
    io::stdout().write_all(format!("{text}\n").as_bytes())
}
