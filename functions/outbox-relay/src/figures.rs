//! What CloudWatch is told each minute, as a log line in its embedded metric format: alarms need nothing else.

use jiff::Timestamp;
use schedule::ALWAYS;
use serde_json::{Map, Value, json};
use store::{Store, figures, scheduled_runs};

/// How long messages are due, and how long ago each schedule went well. In seconds, under the names that `infra/watch.yaml`
/// knows; a schedule that never went well is left out.
pub async fn figures(store: &Store, now: Timestamp) -> Result<Map<String, Value>, store::Error> {
    let client = store.client().await?;
    let waiting = figures::waiting(&client).await?;
    let names = ALWAYS.map(|schedule| schedule.name);
    let mut all = Map::new();
    all.insert("outbox_age_s".into(), waiting.outbox_age_s.into());
    all.insert("outbox_messages".into(), waiting.outbox_messages.into());
    for run in scheduled_runs::last_successes(&client, &names).await? {
        let name = format!("{}_age_s", run.name.replace('-', "_"));
        let age_s = now.duration_since(run.started_at).as_secs_f64().max(0.0);
        all.insert(name, age_s.into());
    }
    Ok(all)
}

/// The line that makes metrics of these figures, without dimensions: the namespace is the system's own.
pub fn line(namespace: &str, now: Timestamp, figures: Map<String, Value>) -> String {
    let metrics: Vec<Value> = figures
        .keys()
        .map(|name| {
            let unit = if name.ends_with("_s") {
                "Seconds"
            } else {
                "Count"
            };
            json!({ "Name": name, "Unit": unit })
        })
        .collect();
    let mut line = figures;
    line.insert(
        "_aws".into(),
        json!({
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{ "Namespace": namespace, "Dimensions": [[]], "Metrics": metrics }],
        }),
    );
    Value::Object(line).to_string()
}
