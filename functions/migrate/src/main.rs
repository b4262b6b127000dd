//! Entry point of the deployed function.

use lambda_runtime::{LambdaEvent, service_fn};
use runtime::{Settings, telemetry};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    let url = &settings.database.url;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        Ok::<_, lambda_runtime::Error>(migrate::handle(url, &event.payload).await?)
    }))
    .await
}
