//! `leito up`: the whole system on this machine, until it is told to stop.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::backup::Regular;
use crate::system::System;
use crate::{Place, stop};

/// Keeps Leito running on this machine and prints its address
///
/// Postgres, the AWS emulator, the HTTP API, both workers and the schedules run until Ctrl-C or SIGTERM. Only this
/// machine can reach any of it.
#[derive(Args)]
#[command(after_help = "Example:\n  leito up --listen 127.0.0.1:8080")]
pub struct UpCommand {
    /// Address of the HTTP API, on this machine
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "LEITO_LISTEN",
        default_value = "127.0.0.1:8080"
    )]
    listen: SocketAddr,
    /// Print the address as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    backups: Regular,
    #[command(flatten)]
    place: Place,
}

impl UpCommand {
    /// Runs until told to stop.
    pub async fn execute(self) -> Result<ExitCode> {
        let stop = stop::on_signal()?;
        let folder = self.place.folder()?;
        let mut system = System::start(&folder, &self.place, Some(self.listen)).await?;
        system.back_up(&self.backups);
        if self.json {
            println!(
                "{}",
                json!({
                    "address": system.address(),
                    "pid": std::process::id(),
                    "api_key_file": folder.key_file(),
                })
            );
        } else {
            println!(
                "Leito listens on {} (data and log in {}, API key in {})",
                system.address(),
                folder.path().display(),
                folder.key_file().display()
            );
        }
        let ended = system.ended_before(stop.cancelled()).await;
        system.stop().await?;
        ended.map(|()| ExitCode::SUCCESS)
    }
}
