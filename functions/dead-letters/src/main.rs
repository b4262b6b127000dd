//! Entry point of the deployed function: batches from the dead-letter queues.

use aws_lambda_events::event::sqs::SqsEvent;
use lambda_runtime::{LambdaEvent, service_fn};
use runtime::{Settings, telemetry};
use worker::Parts;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    let store = &Parts::from_settings(&settings).await?.store;
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, lambda_runtime::Error>(dead_letters::handle(store, event.payload).await)
    }))
    .await
}
