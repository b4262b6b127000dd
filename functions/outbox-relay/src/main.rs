//! Entry point of the deployed function: one sweep for each scheduled event, and figures for CloudWatch's alarms.

use lambda_runtime::{LambdaEvent, service_fn};
use runtime::{Clock, Settings, SystemClock, telemetry};
use serde_json::Value;
use store::Store;
use worker::Parts;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env()?;
    telemetry::init(&settings)?;
    let parts = &Parts::from_settings(&settings).await?;
    let namespace = settings.metrics.as_deref();
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let due = schedule::due(
            &event.payload,
            SystemClock.now(),
            schedule::OUTBOX_RELAY.every,
        );
        let swept = outbox_relay::handle(parts, due).await;
        if let Some(namespace) = namespace {
            tell(&parts.store, namespace).await; // of a sweep that failed, too: that is when ages grow
        }
        Ok::<_, lambda_runtime::Error>(swept?)
    }))
    .await
}

async fn tell(store: &Store, namespace: &str) {
    let now = SystemClock.now();
    match outbox_relay::figures(store, now).await {
        Ok(figures) => {
            // Nothing can be said about a log that cannot be written; the alarm of a silent relay goes off.
            let _ = telemetry::line(&outbox_relay::line(namespace, now, figures));
        }
        Err(error) => tracing::warn!(%error, "there are no figures this minute"),
    }
}
