//! `leito cleanup`: the scheduled clean-up, by hand.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use runtime::{Clock, SystemClock};
use serde_json::json;

use crate::system::direct::{Inside, Tables};

/// Removes what nobody needs any more
///
/// Expired tokens and keys, share links that have ended, stale uploads, and objects that nothing refers to: what the
/// clean-up does by itself each hour.
#[derive(Args)]
#[command(after_help = "Example:\n  leito cleanup --dry-run\n  leito cleanup --json")]
pub struct CleanupCommand {
    /// Say what would be removed and remove nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the outcome as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    inside: Inside,
}

impl CleanupCommand {
    /// Removes, or only looks.
    pub async fn execute(self) -> Result<ExitCode> {
        let direct = Box::pin(self.inside.open(Tables::UpToDate)).await?;
        let outcome = if self.dry_run {
            json!(Box::pin(cleanup::preview(&direct.parts)).await?)
        } else {
            Box::pin(cleanup::handle(&direct.parts, SystemClock.now())).await?
        };
        direct.close().await?;
        if self.json {
            println!("{outcome:#}");
        } else {
            println!(
                "{}",
                if self.dry_run {
                    "would remove:"
                } else {
                    "removed:"
                }
            );
            crate::print_fields(&outcome);
        }
        Ok(ExitCode::SUCCESS)
    }
}
