//! Whoever waits has more time than whom they wait for.

use std::time::Duration;

use crate::environment::settings;
use crate::expanded::{self, meant};

/// API Gateway gives up on an HTTP integration after this.
const GATEWAY: Duration = Duration::from_secs(30);

#[test]
fn a_statement_ends_before_its_function_and_the_function_before_the_gateway() {
    let template = expanded::main();
    for (name, function) in template.of_type("AWS::Lambda::Function") {
        let statement = settings(template, function).database.statement_timeout;
        let timeout = Duration::from_secs(function["Timeout"].as_u64().unwrap());
        assert!(statement < timeout, "{name}: {statement:?} in {timeout:?}");
    }
    for (name, integration) in template.of_type("AWS::ApiGatewayV2::Integration") {
        let address = meant(&integration["IntegrationUri"]);
        let function = address
            .split('/')
            .find(|part| part.ends_with("Function"))
            .unwrap();
        let function = template.properties(function);
        let timeout = Duration::from_secs(function["Timeout"].as_u64().unwrap());
        assert!(timeout < GATEWAY, "{name}: {timeout:?}");
    }
}

#[test]
fn a_scheduled_run_stops_by_itself_before_it_is_stopped() {
    let template = expanded::main();
    for (schedule, title) in schedule::ALWAYS
        .iter()
        .zip(["OutboxRelay", "Cleanup", "UsageStats"])
    {
        let function = template.properties(&format!("{title}Function"));
        let timeout = Duration::from_secs(function["Timeout"].as_u64().unwrap());
        assert!(
            schedule.budget < timeout,
            "{title}: {:?} in {timeout:?}",
            schedule.budget
        );
        let rate = template.properties(&format!("{title}Schedule"))["ScheduleExpression"].as_str();
        let every = match schedule.every.as_secs() {
            60 => "rate(1 minute)",
            3600 => "rate(1 hour)",
            other => panic!("how does one write every {other} s?"),
        };
        assert_eq!(rate, Some(every), "{title}");
    }
}

#[test]
fn a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take() {
    let template = expanded::main();
    for (name, source) in template.of_type("AWS::Lambda::EventSourceMapping") {
        let function = template.properties(&meant(&source["FunctionName"]));
        let queue = template.properties(&meant(&source["EventSourceArn"]));
        let (hidden, timeout) = (&queue["VisibilityTimeout"], &function["Timeout"]);
        assert!(
            hidden.as_u64().unwrap() >= 6 * timeout.as_u64().unwrap(),
            "{name}"
        );
        assert_eq!(
            source["FunctionResponseTypes"][0], "ReportBatchItemFailures",
            "{name}"
        );
        assert!(
            source["ScalingConfig"]["MaximumConcurrency"].is_u64(),
            "{name}"
        );
    }
}

#[test]
fn a_packing_job_stays_hidden_for_six_times_as_long_as_a_packing_function_may_take() {
    let function = expanded::all()["infra/workers.yaml"].properties("BedPackerFunction");
    let hidden = &expanded::main().properties("PackingQueue")["VisibilityTimeout"];
    assert!(hidden.as_u64().unwrap() >= 6 * function["Timeout"].as_u64().unwrap());
}
