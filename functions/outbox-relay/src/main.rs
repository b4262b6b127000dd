//! Entry point of the deployed function: one sweep for each scheduled event.

use lambda_runtime::{LambdaEvent, service_fn};
use runtime::{Clock, Settings, SystemClock, telemetry};
use serde_json::Value;
use worker::Parts;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    let parts = &Parts::from_settings(&settings).await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let due = schedule::due(
            &event.payload,
            SystemClock.now(),
            schedule::OUTBOX_RELAY.every,
        );
        Ok::<_, lambda_runtime::Error>(outbox_relay::handle(parts, due).await?)
    }))
    .await
}
