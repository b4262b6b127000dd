//! Whether everything that can fail unseen has somebody who sees it.

use std::collections::BTreeSet;

use crate::expanded::{self, meant};

#[test]
fn every_function_has_alarms_of_errors_throttles_and_slow_calls() {
    let template = expanded::main();
    for (name, function) in template.of_type("AWS::Lambda::Function") {
        let title = name.strip_suffix("Function").unwrap();
        for kind in ["Errors", "Throttles", "Slow"] {
            let alarm = template.properties(&format!("{title}{kind}"));
            let watched = &alarm["Dimensions"][0];
            assert_eq!(watched["Name"], "FunctionName", "{title}{kind}");
            assert_eq!(meant(&watched["Value"]), name, "{title}{kind}");
        }
        let slow = template.properties(&format!("{title}Slow"));
        let (threshold_ms, timeout_s) = (&slow["Threshold"], &function["Timeout"]);
        let (threshold_ms, timeout_s) =
            (threshold_ms.as_u64().unwrap(), timeout_s.as_u64().unwrap());
        let timeout_ms = 1000 * timeout_s;
        assert!(
            threshold_ms < timeout_ms && 2 * threshold_ms > timeout_ms,
            "{title}"
        );
    }
}

#[test]
fn every_queue_has_an_alarm() {
    let queues = expanded::main().of_type("AWS::SQS::Queue");
    let alarms = expanded::all()["infra/watch.yaml"].of_type("AWS::CloudWatch::Alarm");
    let watched: BTreeSet<String> = alarms
        .filter(|(_, alarm)| alarm["Namespace"] == "AWS/SQS")
        .map(|(_, alarm)| meant(&alarm["Dimensions"][0]["Value"]))
        .collect();
    assert_eq!(watched, queues.map(|(name, _)| name.to_owned()).collect());
}

#[test]
fn alarms_stand_on_figures_that_somebody_tells() {
    let schedules = schedule::ALWAYS.map(|one| format!("{}_age_s", one.name.replace('-', "_")));
    let told: BTreeSet<String> = ["outbox_age_s".to_owned(), "outbox_messages".to_owned()]
        .into_iter()
        .chain(schedules)
        .collect();
    let alarms = expanded::all()["infra/watch.yaml"].of_type("AWS::CloudWatch::Alarm");
    let own = alarms.filter(|(_, alarm)| alarm["Namespace"]["Ref"] == "System");
    let names: Vec<&str> = own
        .map(|(_, alarm)| alarm["MetricName"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    for name in names {
        assert!(told.contains(name), "nobody tells {name}");
    }
}
