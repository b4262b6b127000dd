//! Entry point of the deployed function: the routes of `accounts` for whoever started the process.

use runtime::{Settings, telemetry};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    leito_http::serve::run(accounts::router(), &settings).await?;
    Ok(())
}
