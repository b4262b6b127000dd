//! What costs the same whether anybody comes or not.

use crate::prices::{
    ALARM_MONTH, AURORA_ACU_HOUR, AURORA_GB_MONTH, DASHBOARD_MONTH, HOURS_PER_MONTH,
    IMAGES_GB_MONTH, LAMBDA_GB_SECOND, LAMBDA_REQUEST, LOGS_GB, METRIC_MONTH, NAT_GATEWAY_GB,
    NAT_GATEWAY_HOUR, RDS_PROXY_ACU_HOUR, RDS_PROXY_LEAST_ACU, SCHEDULER_INVOCATION, SECRET_MONTH,
    SQS_REQUEST,
};
use crate::{Deployment, Line};

/// Outbox relay each minute, clean-up and roll-up each hour.
const SCHEDULED_RUNS_PER_HOUR: f64 = 62.0;
/// Seconds of a scheduled run that finds nothing to do, a cold start in some of them included.
const SCHEDULED_RUN_S: f64 = 0.1;
/// Lambda keeps five pollers on a queue, each of which asks every 20 s (Lambda Developer Guide, "Using Lambda with Amazon
/// SQS").
const POLLS_PER_HOUR: f64 = 5.0 * 3600.0 / 20.0;
/// Messages, logs and the rest that schedules and pollers send through the NAT gateway in a month, in GB; files take
/// another way.
const NAT_GB: f64 = 2.0;
/// A small database, in GB.
const DATABASE_GB: f64 = 1.0;
/// Logs of the scheduled runs, in GB a month.
const LOGS_GB_PER_MONTH: f64 = 0.1;
/// The images of both workers, some versions of each, in GB.
const IMAGES_GB: f64 = 4.0;

/// A month of them.
pub fn lines(deployment: &Deployment) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(acu) = deployment.database_acu {
        let proxied = acu.max(RDS_PROXY_LEAST_ACU);
        lines.extend([
            Line::new(
                "Aurora, least capacity",
                acu * HOURS_PER_MONTH,
                "ACU h",
                AURORA_ACU_HOUR,
            ),
            Line::new("Aurora, storage", DATABASE_GB, "GB month", AURORA_GB_MONTH),
            Line::new(
                "RDS Proxy",
                proxied * HOURS_PER_MONTH,
                "ACU h",
                RDS_PROXY_ACU_HOUR,
            ),
        ]);
    }
    let count = |number: u32| f64::from(number);
    let nat_gateways = count(deployment.nat_gateways);
    let runs = SCHEDULED_RUNS_PER_HOUR * HOURS_PER_MONTH;
    let polls = count(deployment.polled_queues) * POLLS_PER_HOUR * HOURS_PER_MONTH;
    let function_gb_s = runs * SCHEDULED_RUN_S * deployment.function_gb;
    lines.extend([
        Line::new(
            "NAT gateway",
            nat_gateways * HOURS_PER_MONTH,
            "h",
            NAT_GATEWAY_HOUR,
        ),
        Line::new(
            "NAT gateway, traffic",
            nat_gateways * NAT_GB,
            "GB",
            NAT_GATEWAY_GB,
        ),
        Line::new(
            "Secrets Manager",
            count(deployment.secrets),
            "secrets",
            SECRET_MONTH,
        ),
        Line::new(
            "CloudWatch alarms",
            count(deployment.alarms),
            "alarms",
            ALARM_MONTH,
        ),
        Line::new(
            "CloudWatch metrics",
            count(deployment.metrics),
            "metrics",
            METRIC_MONTH,
        ),
        Line::new(
            "CloudWatch dashboards",
            count(deployment.dashboards),
            "dashboards",
            DASHBOARD_MONTH,
        ),
        Line::new("CloudWatch Logs", LOGS_GB_PER_MONTH, "GB", LOGS_GB),
        Line::new(
            "schedules",
            runs,
            "runs",
            SCHEDULER_INVOCATION + LAMBDA_REQUEST,
        ),
        Line::new("schedules, Lambda", function_gb_s, "GB s", LAMBDA_GB_SECOND),
        Line::new(
            "queues that Lambda waits on",
            polls,
            "requests",
            SQS_REQUEST,
        ),
        Line::new("container images", IMAGES_GB, "GB month", IMAGES_GB_MONTH),
    ]);
    lines.retain(|line| line.quantity > 0.0);
    lines
}
