//! The command line: one machine's whole Leito, and a client of its HTTP API.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line prints"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

mod admin;
mod api;
mod backup;
mod bed;
mod cleanup;
mod cost;
mod demo;
mod exit;
mod folder;
mod follow;
mod job;
mod migrate;
mod report;
mod restore;
mod run;
mod seed;
mod serve;
mod stats;
mod stop;
mod study;
mod system;
mod up;

use folder::DataFolder;

/// Packed-bed studies: from a .bed file to a pressure drop, with Blender and OpenFOAM.
#[derive(Parser)]
#[command(version, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::DemoCommand),
    Run(run::RunCommand),
    Up(up::UpCommand),
    Serve(serve::ServeCommand),
    #[command(subcommand)]
    Bed(bed::BedCommand),
    #[command(subcommand)]
    Job(job::JobCommand),
    Admin(admin::AdminCommand),
    Seed(seed::SeedCommand),
    Cleanup(cleanup::CleanupCommand),
    Cost(cost::CostCommand),
    #[command(subcommand)]
    Stats(stats::StatsCommand),
    Backup(backup::BackupCommand),
    Restore(restore::RestoreCommand),
    Migrate(migrate::MigrateCommand),
}

/// What every command that works with a whole system takes.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// Folder in which this machine's Leito keeps everything
    #[arg(long, value_name = "DIR", env = "LEITO_DATA", default_value = ".leito")]
    data: PathBuf,
    /// Cores that the engines may use [default: all of them]
    #[arg(long, value_name = "N", env = "LEITO_CORES")]
    cores: Option<u32>,
    /// The AWS emulator's program [default: <DIR>/emulator/bin/ministack]
    #[arg(long, value_name = "FILE", env = "LEITO_EMULATOR")]
    emulator: Option<PathBuf>,
    /// What is written to the log in the data folder
    #[arg(long, value_name = "FILTER", env = "LEITO_LOG", default_value = "info")]
    log: String,
}

impl Place {
    fn folder(&self) -> Result<DataFolder> {
        DataFolder::open(&self.data)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(command) => Box::pin(command.execute()).await,
        Command::Run(command) => Box::pin(command.execute()).await,
        Command::Up(command) => Box::pin(command.execute()).await,
        Command::Serve(command) => command.execute().await,
        Command::Bed(command) => command.run(),
        Command::Job(command) => command.execute().await,
        Command::Admin(command) => command.execute().await,
        Command::Seed(command) => command.execute().await,
        Command::Cleanup(command) => command.execute().await,
        Command::Cost(command) => command.run(),
        Command::Stats(command) => command.execute().await,
        Command::Backup(command) => command.execute().await,
        Command::Restore(command) => command.execute().await,
        Command::Migrate(command) => command.execute().await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("leito: {error:#}");
        ExitCode::from(exit::code(&error))
    })
}

/// Prints a JSON object for a person: a line a field, those of objects in it further in.
fn print_fields(object: &serde_json::Value) {
    for (name, value) in object.as_object().into_iter().flatten() {
        match value {
            serde_json::Value::Object(inner) => {
                for (field, value) in inner {
                    println!("  {name}.{field}: {value}");
                }
            }
            serde_json::Value::String(text) => println!("  {name}: {text}"),
            value => println!("  {name}: {value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Command, CommandFactory};

    use super::Cli;

    fn variables(command: &Command, into: &mut BTreeSet<String>) {
        let named = command.get_arguments().filter_map(clap::Arg::get_env);
        into.extend(named.map(|name| name.to_string_lossy().into_owned()));
        command
            .get_subcommands()
            .for_each(|sub| variables(sub, into));
    }

    #[test]
    fn the_example_names_every_variable_of_the_command_line() {
        let example = include_str!("../../.env.example");
        let mut used = BTreeSet::new();
        variables(&Cli::command(), &mut used);
        assert!(used.len() > 5, "{used:?}");
        for name in &used {
            assert!(
                example.contains(&format!("# {name}=")),
                "{name} is not in .env.example"
            );
        }
        let own = example.rsplit("# --- ").next().unwrap_or_default();
        let named = own
            .lines()
            .filter_map(|line| line.strip_prefix("# ")?.split_once('='));
        for (name, _) in named.filter(|(name, _)| !name.contains(' ')) {
            assert!(
                used.contains(name),
                "{name} in .env.example is read by nothing"
            );
        }
    }
}
