//! `leito migrate`: brings a database to the form this program works with.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

/// Applies the migrations that a database lacks
///
/// `leito up` and `leito run` do this for their own database; this is for one elsewhere.
#[derive(Args)]
#[command(after_help = "Example:\n  leito migrate --database-url postgres://leito@127.0.0.1/leito")]
pub struct MigrateCommand {
    /// The database
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Print the outcome as JSON
    #[arg(long)]
    json: bool,
}

impl MigrateCommand {
    /// Applies them; the exit code says whether that worked.
    pub async fn execute(self) -> anyhow::Result<ExitCode> {
        let done = store::migrate(&self.database_url).await?;
        if self.json {
            println!(
                "{}",
                json!({ "applied": done.applied, "version": done.version })
            );
        } else {
            println!(
                "applied {}, the database is at version {}",
                done.applied, done.version
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
