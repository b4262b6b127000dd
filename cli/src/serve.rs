//! `leito serve`: the system on services that run elsewhere, for a container host.

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use leito_http::serve::Listener;
use runtime::{Settings, telemetry};
use serde_json::json;

use crate::stop;
use crate::system::{self, Workers};

/// Serves the API on a Postgres, a bucket and queues that run elsewhere
///
/// The environment says where they are (.env.example): `DATABASE_URL`, `AWS_REGION` and the other standard AWS variables,
/// `LEITO_BUCKET`, `LEITO_PACKING_QUEUE_URL`, `LEITO_FLOW_QUEUE_URL` and `LEITO_TOKEN_SECRET`. The schedules run too, and
/// the workers that are wanted. There is no account but those that people make: `leito admin` names the first
/// administrator. `leito migrate` prepares the database. Whoever reaches the address may call; TLS is for what stands
/// before it.
#[derive(Args)]
#[command(after_help = "Example:\n  leito migrate && leito serve --workers none --json")]
pub struct ServeCommand {
    /// The port of the HTTP API
    #[arg(long, value_name = "PORT", env = "PORT", default_value_t = 8080)]
    port: u16,
    /// The address to listen on; by default every one of this machine
    #[arg(long, value_name = "IP", default_value = "0.0.0.0")]
    address: IpAddr,
    /// Which workers run in this process; their engines have to be installed
    #[arg(
        long,
        value_name = "WHICH",
        env = "LEITO_WORKERS",
        default_value = "none"
    )]
    workers: Workers,
    /// Print the address as JSON
    #[arg(long)]
    json: bool,
}

impl ServeCommand {
    /// Runs until told to stop.
    pub async fn execute(self) -> Result<ExitCode> {
        let settings = Settings::whole_from_env()?;
        telemetry::init(&settings)?;
        let stop = stop::on_signal()?;
        let address = SocketAddr::new(self.address, self.port);
        let listener = Listener::bind_for_everybody(address).await?;
        let address = format!("http://{}", listener.address());
        let mut tasks = Box::pin(system::serve(&settings, listener, self.workers)).await?;
        if self.json {
            println!(
                "{}",
                json!({ "address": address, "pid": std::process::id() })
            );
        } else {
            println!("Leito listens on {address}");
        }
        let ended = tasks.ended_before(stop.cancelled()).await;
        tasks.stop().await?;
        ended.map(|()| ExitCode::SUCCESS)
    }
}
