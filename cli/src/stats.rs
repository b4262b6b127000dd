//! `leito stats …`: the scheduled roll-up of usage, by hand.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use runtime::{Clock, SystemClock};

use crate::system::direct::{Inside, Tables};

/// Sums up what was used.
#[derive(Subcommand)]
pub enum StatsCommand {
    /// Sum up what was recorded since the last time, as happens by itself each hour
    #[command(after_help = "Example:\n  leito stats refresh\n  leito stats refresh --all --json")]
    Refresh(RefreshCommand),
}

/// What to sum up.
#[derive(Args)]
pub struct RefreshCommand {
    /// Compute every hour anew of which there are events still, not only those that changed
    #[arg(long)]
    all: bool,
    /// Print the outcome as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    inside: Inside,
}

impl StatsCommand {
    /// Does it.
    pub async fn execute(self) -> Result<ExitCode> {
        let Self::Refresh(refresh) = self;
        let direct = Box::pin(refresh.inside.open(Tables::UpToDate)).await?;
        let outcome = if refresh.all {
            usage_stats::roll_up(&direct.parts.store, Timestamp::UNIX_EPOCH).await?
        } else {
            usage_stats::handle(&direct.parts, SystemClock.now()).await?
        };
        direct.close().await?;
        if refresh.json {
            println!("{outcome:#}");
        } else {
            println!("sums that changed:");
            crate::print_fields(&outcome);
        }
        Ok(ExitCode::SUCCESS)
    }
}
