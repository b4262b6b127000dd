//! `leito admin`: who administers the system.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use store::audits::{self, NewAudit};
use store::users;

use crate::system::direct::{Inside, Tables};

/// Makes an account an administrator, or no longer one
#[derive(Args)]
#[command(
    after_help = "Example:\n  leito admin ada@example.org\n  leito admin ada@example.org --revoke --json"
)]
pub struct AdminCommand {
    /// The account's e-mail address
    email: String,
    /// Make it an ordinary account again
    #[arg(long)]
    revoke: bool,
    /// Print the account as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    inside: Inside,
}

impl AdminCommand {
    /// Changes the role, and records that.
    pub async fn execute(self) -> Result<ExitCode> {
        let direct = Box::pin(self.inside.open(Tables::UpToDate)).await?;
        let mut client = direct.parts.store.client().await?;
        let tx = client.transaction().await?;
        let found = users::find_by_email(&tx, &self.email).await?;
        let user = found.with_context(|| format!("nobody has an account with {}", self.email))?;
        let user = users::set_role(&tx, user.id, !self.revoke).await?;
        let audit = NewAudit {
            id: direct.parts.ids.next(),
            kind: "user",
            action: "role_changed",
            target_id: Some(user.id),
            project_id: None,
            submission_id: None,
            user_id: None,
            session_id: None,
            meta: json!({ "is_admin": user.is_admin, "from": "command line" }),
        };
        audits::insert(&tx, &audit).await?;
        tx.commit().await?;
        drop(client);
        direct.close().await?;
        if self.json {
            let account = json!({ "id": user.id, "email": user.email, "is_admin": user.is_admin });
            println!("{account:#}");
        } else {
            let now = if user.is_admin { "is" } else { "is not" };
            println!("{} {now} an administrator", user.email);
        }
        Ok(ExitCode::SUCCESS)
    }
}
