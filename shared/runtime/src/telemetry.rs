//! Log lines: JSON where a machine reads them, coloured text where a person does.

use std::io::{self, IsTerminal, Write};

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

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
    start(format, settings.log.clone())
}

/// Starts logging with an explicit format and filter.
pub fn start(format: Format, filter: Targets) -> Result<(), Error> {
    let registry = tracing_subscriber::registry().with(filter);
    let started = match format {
        Format::Json => {
            let lines = fmt::layer().json().flatten_event(true);
            registry.with(lines.with_writer(io::stdout)).try_init()
        }
        Format::Human => {
            let lines = fmt::layer().with_ansi(io::stderr().is_terminal());
            registry.with(lines.with_writer(io::stderr)).try_init()
        }
    };
    started.map_err(|_| Error::TelemetryTwice)
}

/// Writes one line beside the log, for a reader that wants a form of its own: CloudWatch makes metrics of such lines.
pub fn line(text: &str) -> io::Result<()> {
    // in one piece: other threads log
    io::stdout().write_all(format!("{text}\n").as_bytes())
}
