//! Recorded statements, prepared and sent straight to Postgres by its own `pgbench`.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use embedded::postgres::program;

use crate::recorded::Statement;

/// A script of `pgbench`: one request's statements.
#[derive(Debug, Default)]
pub struct Script {
    text: String,
    variables: Vec<(String, String)>,
}

impl Script {
    /// A script that begins with these lines.
    pub fn beginning_with(lines: &str) -> Self {
        Self {
            text: lines.to_owned(),
            variables: Vec::new(),
        }
    }

    /// Sends the statements with the values that were recorded, but for those that `instead` gives an expression for:
    /// asked with the statement, the number of the parameter from 1, and its value.
    pub fn sending(
        mut self,
        statements: &[Statement],
        instead: impl Fn(&Statement, usize, &str) -> Option<String>,
    ) -> Result<Self> {
        for (place, statement) in statements.iter().enumerate() {
            let mut sql = statement.sql.clone();
            // from the last one, so that $1 is not taken for the beginning of $11
            for (index, value) in statement.parameters.iter().enumerate().rev() {
                let number = index + 1;
                let with = match value {
                    None => "NULL".to_owned(),
                    Some(value) => instead(statement, number, value)
                        .unwrap_or_else(|| self.variable(place, number, value)),
                };
                sql = sql.replace(&format!("${number}"), &with);
            }
            writeln!(self.text, "{sql};")?;
        }
        Ok(self)
    }

    fn variable(&mut self, place: usize, number: usize, value: &str) -> String {
        let name = format!("s{place}p{number}");
        self.variables.push((name.clone(), value.to_owned()));
        format!(":{name}")
    }

    /// Transactions a second with so many connections.
    pub fn rate(
        &self,
        url: &str,
        folder: &Path,
        connections: usize,
        lasting: Duration,
        variables: &[(&str, u64)],
    ) -> Result<f64> {
        let file = folder.join("script.sql");
        fs::write(&file, &self.text)?;
        let mut pgbench = Command::new(program("pgbench")?);
        pgbench.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
        pgbench.arg(format!("--client={connections}"));
        pgbench.env("PGOPTIONS", session(url));
        pgbench.arg(format!("--time={}", lasting.as_secs()));
        for (name, value) in &self.variables {
            pgbench.arg(format!("--define={name}={value}"));
        }
        for (name, value) in variables {
            pgbench.arg(format!("--define={name}={value}"));
        }
        let output = pgbench.arg("--file").arg(&file).arg(url).output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        ensure!(
            output.status.success(),
            "pgbench: {}{said}",
            String::from_utf8_lossy(&output.stderr)
        );
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let rate = rate.and_then(|rate| rate.split(' ').next());
        Ok(rate.context("pgbench gave no rate")?.parse()?)
    }
}

/// What the API's own connections set: its role, whose rights are looked at, and a limit on each statement.
fn session(url: &str) -> String {
    let set = store::Settings::new(url).session();
    let options = set.map(|(name, value)| format!("-c {name}={value}"));
    options.join(" ")
}
