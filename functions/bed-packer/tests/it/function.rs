//! The same program as a Lambda function: the very binary, driven through the runtime API.

use std::process::Stdio;
use std::time::Duration;

use job::{Message, Status};
use serde_json::{Value, json};
use testkit::processes_in;
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::jobs::spec;
use crate::runtime_api::RuntimeApi;
use crate::world::World;

#[tokio::test]
async fn of_a_batch_lambda_gets_back_only_the_message_that_nobody_can_read() {
    let world = World::new().await;
    let job = world.packing_job(spec()).await;
    let mut lambda = RuntimeApi::start().await;
    let _function = function(&world, &lambda);

    let batch = batch(&[
        ("good", Message { job_id: job.id }.to_json()),
        ("bad", "no job".to_owned()),
    ]);
    let answer = lambda.invoke(batch, Duration::from_mins(15)).await;
    assert_eq!(
        answer,
        json!({ "batchItemFailures": [{ "itemIdentifier": "bad" }] })
    );
    let done = world.job(job.id).await;
    assert_eq!((done.status, done.error), (Status::Completed, None));
    assert_eq!(world.packings(job.bed_id).await.len(), 1);
}

#[tokio::test]
async fn a_packing_that_outlasts_its_invocation_is_stopped_and_costs_an_attempt() {
    let world = World::new().await;
    let job = world.packing_job(spec()).await;
    let mut lambda = RuntimeApi::start().await;
    let _function = function(&world, &lambda);

    let one = batch(&[("long", Message { job_id: job.id }.to_json())]);
    let answer = lambda.invoke(one, Duration::from_secs(1)).await;
    // another message comes with the next attempt, so this one has done its work
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    let stopped = world.job(job.id).await;
    assert_eq!((stopped.status, stopped.attempt), (Status::Queued, 1));
    assert_eq!(stopped.error.unwrap().code, "out_of_time");
    assert_eq!(world.packings(job.bed_id).await, []);
    assert_eq!(processes_in(world.folder.path()), []);
}

/// The program as Lambda starts it; it ends when this is dropped.
fn function(world: &World, lambda: &RuntimeApi) -> Child {
    let queues = &world.cloud.queue_settings;
    Command::new(env!("CARGO_BIN_EXE_bed-packer"))
        .env("AWS_LAMBDA_RUNTIME_API", &lambda.address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "bed-packer")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "2048")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "test")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "test")
        .env("DATABASE_URL", world.database.url())
        .env("AWS_ENDPOINT_URL", world.cloud.endpoint_url())
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("LEITO_BUCKET", &world.cloud.object_settings.bucket)
        .env("LEITO_PACKING_QUEUE_URL", queues.packing.url())
        .env("LEITO_FLOW_QUEUE_URL", queues.flow.url())
        .env("LEITO_WORK_DIR", world.folder.path().join("work"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

fn batch(messages: &[(&str, String)]) -> Value {
    let records = messages.iter().map(|(id, body)| {
        json!({
            "messageId": id,
            "receiptHandle": Uuid::nil(),
            "body": body,
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "awsRegion": "us-east-1",
        })
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}
