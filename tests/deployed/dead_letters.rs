//! A message that no worker survives.

use std::time::Duration;

use serde_json::json;
use system_tests::Call;
use tokio::time::timeout;

use crate::api::Api;
use crate::stack::Stack;

/// Far more than a message takes.
const LIMIT: Duration = Duration::from_mins(2);
/// The template's `maxReceiveCount`.
const RECEIVES: usize = 5;

#[tokio::test]
#[ignore = "needs what `sam build` makes; ./dev deployed runs it"]
async fn a_message_that_no_worker_survives_fails_its_job_through_the_dead_letter_function() {
    let stack = Stack::deployed().await;
    let api = stack.api().registered().await;
    let bed = api.bed().await;
    let begun = format!("/beds/{}/generate", bed["id"].as_str().unwrap());
    let begun = api.post(&begun, &json!({})).await;
    let job = begun["job"]["id"].as_str().unwrap();

    for _ in 0..RECEIVES {
        let received = timeout(LIMIT, receive_and_die(&stack, job));
        received.await.expect("the message is received");
    }
    ask_for_one_more(&stack).await;

    let ended = api.end_of(job).await;
    assert_eq!(ended["status"], "failed", "{ended}");
    assert_eq!(ended["error"]["code"], "dead_letter", "{ended}");
    bed_is_still_there(&api, &bed["id"]).await;
    stack.end().await;
}

/// What the queue sees of a worker that crashes: a receive, and the message visible again some time later.
async fn receive_and_die(stack: &Stack, job: &str) {
    let queue = stack.deployment.output("PackingQueueUrl").unwrap();
    let received = loop {
        let receive = json!({ "QueueUrl": queue, "WaitTimeSeconds": 5 });
        let receive = Call::new("sqs", "receive_message", receive);
        let mut answer = stack.deployment.call(receive).await.unwrap();
        if let Some(message) = answer["Messages"].get_mut(0) {
            break message.take();
        }
    };
    let body = received["Body"].as_str().unwrap();
    assert!(body.contains(job), "{body}");
    let receipt = &received["ReceiptHandle"];
    let visible = json!({ "QueueUrl": queue, "ReceiptHandle": receipt, "VisibilityTimeout": 0 });
    let change = Call::new("sqs", "change_message_visibility", visible);
    stack.deployment.call(change).await.unwrap();
}

/// The receive at which the queue gives the message away to its dead-letter queue instead.
async fn ask_for_one_more(stack: &Stack) {
    let queue = stack.deployment.output("PackingQueueUrl").unwrap();
    let receive = Call::new("sqs", "receive_message", json!({ "QueueUrl": queue }));
    let answer = stack.deployment.call(receive).await.unwrap();
    assert!(answer.get("Messages").is_none(), "{answer}");
}

async fn bed_is_still_there(api: &Api, id: &serde_json::Value) {
    let bed = api.get(&format!("/beds/{}", id.as_str().unwrap())).await;
    assert_eq!(&bed["id"], id);
}
