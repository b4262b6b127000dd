//! List prices in US dollars, region us-east-1, without tax and without any free tier. They are public, they change, and
//! other regions ask 10 to 30 % more: they were collected in November 2026, and are all in this file to be replaced.
//! Sources: the pricing pages of the services named, <https://aws.amazon.com/pricing/>.

/// Hours that a month is billed with.
pub const HOURS_PER_MONTH: f64 = 730.0;

/// ECS Fargate, Linux on x86: one virtual core for an hour.
pub const FARGATE_VCPU_HOUR: f64 = 0.040_48;
/// ECS Fargate, Linux on x86: 1 GB of memory for an hour.
pub const FARGATE_GB_HOUR: f64 = 0.004_445;
/// What Fargate Spot asks of the price on demand. It moves with the market; up to 70 % off is what AWS says.
pub const FARGATE_SPOT_SHARE: f64 = 0.3;
/// Fargate bills no task for less than this, in seconds.
pub const FARGATE_LEAST_S: f64 = 60.0;

/// Lambda on x86: 1 GB of memory for a second.
pub const LAMBDA_GB_SECOND: f64 = 0.000_016_666_7;
/// Lambda: one invocation.
pub const LAMBDA_REQUEST: f64 = 0.20e-6;
/// API Gateway, HTTP API: one request of up to 512 kB.
pub const HTTP_API_REQUEST: f64 = 1.00e-6;
/// SQS, standard queues: one request.
pub const SQS_REQUEST: f64 = 0.40e-6;
/// EventBridge Scheduler: one invocation.
pub const SCHEDULER_INVOCATION: f64 = 1.00e-6;

/// S3 Standard: 1 GB for a month.
pub const S3_GB_MONTH: f64 = 0.023;
/// S3 Standard: one PUT.
pub const S3_PUT: f64 = 5.0e-6;
/// Traffic out of AWS: 1 GB, within the first 10 TB of a month.
pub const TRAFFIC_OUT_GB: f64 = 0.09;

/// Aurora Serverless v2, standard storage: one capacity unit for an hour.
pub const AURORA_ACU_HOUR: f64 = 0.12;
/// Aurora: 1 GB of storage for a month.
pub const AURORA_GB_MONTH: f64 = 0.10;
/// RDS Proxy before Aurora Serverless v2: one capacity unit for an hour.
pub const RDS_PROXY_ACU_HOUR: f64 = 0.015;
/// RDS Proxy bills no database for less than this many capacity units.
pub const RDS_PROXY_LEAST_ACU: f64 = 8.0;
/// A NAT gateway for an hour, with its public address.
pub const NAT_GATEWAY_HOUR: f64 = 0.045 + 0.005;
/// 1 GB through a NAT gateway.
pub const NAT_GATEWAY_GB: f64 = 0.045;
/// Secrets Manager: one secret for a month.
pub const SECRET_MONTH: f64 = 0.40;

/// `CloudWatch`: one standard alarm for a month.
pub const ALARM_MONTH: f64 = 0.10;
/// `CloudWatch`: one metric of our own for a month.
pub const METRIC_MONTH: f64 = 0.30;
/// `CloudWatch`: one dashboard for a month.
pub const DASHBOARD_MONTH: f64 = 3.00;
/// `CloudWatch` Logs: 1 GB taken in.
pub const LOGS_GB: f64 = 0.50;
/// ECR: 1 GB of images for a month.
pub const IMAGES_GB_MONTH: f64 = 0.10;
