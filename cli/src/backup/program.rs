//! Postgres's own programs for dumping and restoring.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use embedded::postgres::program;
use store::databases;
use tokio::process::Command;

/// Dumps the database as it was at the snapshot, compressed.
pub async fn dump(database_url: &str, snapshot: &str, to: &Path) -> Result<()> {
    let mut command = command("pg_dump", database_url)?;
    command.args(["--format=custom", "--no-owner", "--no-password"]);
    command
        .arg(format!("--snapshot={snapshot}"))
        .arg("--file")
        .arg(to);
    run(command, "pg_dump").await?;
    Ok(())
}

/// Restores a dump into an empty database, all of it or nothing. Rights on tables still to come are left out: they are
/// given by the owner, who may have another name here.
pub async fn restore(database_url: &str, from: &Path, work: &Path) -> Result<()> {
    let mut list = command("pg_restore", database_url)?;
    list.arg("--list").arg(from);
    let contents = run(list, "pg_restore").await?;
    let kept: String = contents
        .lines()
        .filter(|line| !line.contains("DEFAULT ACL"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let chosen = work.join("contents");
    tokio::fs::write(&chosen, kept).await?;
    let mut command = command("pg_restore", database_url)?;
    command.args([
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-password",
    ]);
    command.arg("--use-list").arg(&chosen);
    let environment = databases::environment(database_url)?;
    let database = environment.iter().find(|(name, _)| *name == "PGDATABASE");
    let database = database.context("the address names no database")?;
    command.arg("--dbname").arg(&database.1).arg(from);
    run(command, "pg_restore").await?;
    Ok(())
}

fn command(name: &str, database_url: &str) -> Result<Command> {
    let program = program(name).with_context(|| format!("{name} is not installed"))?;
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(databases::environment(database_url)?)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    Ok(command)
}

async fn run(mut command: Command, name: &str) -> Result<String> {
    let output = command
        .output()
        .await
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!(
            "{name} failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
