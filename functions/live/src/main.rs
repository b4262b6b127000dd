//! Entry point of the deployed function: the events of API Gateway's WebSockets.

use lambda_runtime::{LambdaEvent, service_fn};
use leito_http::App;
use live::Event;
use runtime::{Settings, telemetry};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    let app = &Box::pin(App::from_settings(&settings)).await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Event>| {
        Ok::<_, lambda_runtime::Error>(live::handle(app, &event.payload).await)
    }))
    .await
}
