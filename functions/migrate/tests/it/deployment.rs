//! Events as CloudFormation sends them, with a listener in the place of its address.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, routing::put};
use migrate::Error;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A Postgres that is not there; the password must stay where it is.
const NOWHERE: &str = "postgres://leito:secret-word@127.0.0.1:1/leito";

struct CloudFormation {
    address: String,
    told: mpsc::UnboundedReceiver<(HeaderMap, Value)>,
}

impl CloudFormation {
    /// Listens for one answer after the other, and answers with `status`.
    async fn listening(status: StatusCode) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let take = move |headers: HeaderMap, body: Bytes| async move {
            let answer = serde_json::from_slice(&body).unwrap();
            tell.send((headers, answer)).unwrap();
            status
        };
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!(
            "http://{}/answer?signature=a%2Fb",
            socket.local_addr().unwrap()
        );
        let router = Router::new().route("/answer", put(take));
        tokio::spawn(async move { axum::serve(socket, router).await });
        Self { address, told }
    }

    fn event(&self, kind: &str) -> Value {
        json!({
            "RequestType": kind,
            "RequestId": "request-1",
            "ResponseURL": self.address,
            "ResourceType": "Custom::Migration",
            "LogicalResourceId": "Migrated",
            "StackId": "arn:aws:cloudformation:us-east-1:000000000000:stack/leito/1",
            "ResourceProperties": { "Program": "arn:aws:lambda:us-east-1:000000000000:function:migrate:7" },
        })
    }

    fn update(&self, from: u64) -> Value {
        let mut event = self.event("Update");
        let program = format!("arn:aws:lambda:us-east-1:000000000000:function:migrate:{from}");
        event["OldResourceProperties"] = json!({ "Program": program });
        event
    }

    async fn answer(&mut self) -> Value {
        self.told.recv().await.unwrap().1
    }
}

#[tokio::test]
async fn a_deployment_is_told_that_the_database_has_this_releases_version() {
    let database = testkit::empty_database().await;
    let mut cloud = CloudFormation::listening(StatusCode::OK).await;
    for event in [cloud.event("Create"), cloud.update(6)] {
        migrate::handle(database.url(), &event).await.unwrap();
    }
    let (first, second) = (cloud.answer().await, cloud.answer().await);
    assert_eq!(first["Status"], "SUCCESS");
    assert_eq!(first["Data"]["applied"], first["Data"]["version"]);
    for word in ["RequestId", "StackId", "LogicalResourceId"] {
        assert_eq!(first[word], cloud.event("Create")[word]);
    }
    assert_eq!(second["Data"]["applied"], 0);
    assert_eq!(first["PhysicalResourceId"], second["PhysicalResourceId"]);
}

#[tokio::test]
async fn a_deployment_stops_when_the_database_cannot_be_migrated() {
    let mut cloud = CloudFormation::listening(StatusCode::OK).await;
    migrate::handle(NOWHERE, &cloud.event("Create"))
        .await
        .unwrap();
    let answer = cloud.answer().await;
    assert_eq!(answer["Status"], "FAILED");
    let reason = answer["Reason"].as_str().unwrap();
    assert!(reason.contains("database"), "{reason}");
    assert!(!answer.to_string().contains("secret-word"), "{answer}");
}

#[tokio::test]
async fn a_database_newer_than_the_program_stops_a_deployment_and_no_rollback() {
    let database = testkit::database().await;
    let newer = "RESET ROLE; -- migrations are the owner's
        INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
        SELECT 999, 'future', applied_on, '1' FROM refinery_schema_history LIMIT 1";
    let client = database.store().client().await.unwrap();
    client.batch_execute(newer).await.unwrap();
    let mut cloud = CloudFormation::listening(StatusCode::OK).await;
    migrate::handle(database.url(), &cloud.update(6))
        .await
        .unwrap();
    assert_eq!(cloud.answer().await["Status"], "FAILED");
    migrate::handle(database.url(), &cloud.update(8))
        .await
        .unwrap();
    assert_eq!(cloud.answer().await["Status"], "SUCCESS");
}

#[tokio::test]
async fn a_stack_that_goes_leaves_the_database_alone() {
    let mut cloud = CloudFormation::listening(StatusCode::OK).await;
    migrate::handle(NOWHERE, &cloud.event("Delete"))
        .await
        .unwrap();
    assert_eq!(cloud.answer().await["Status"], "SUCCESS");
}

#[tokio::test]
async fn the_answer_has_no_content_type_because_none_was_signed() {
    let mut cloud = CloudFormation::listening(StatusCode::OK).await;
    migrate::handle(NOWHERE, &cloud.event("Delete"))
        .await
        .unwrap();
    let (headers, answer) = cloud.told.recv().await.unwrap();
    assert!(!headers.contains_key("content-type"));
    let length = answer.to_string().len().to_string();
    assert_eq!(headers["content-length"], length.as_str());
}

#[tokio::test]
async fn a_call_fails_and_is_repeated_when_the_answer_is_not_taken() {
    let cloud = CloudFormation::listening(StatusCode::FORBIDDEN).await;
    let failed = migrate::handle(NOWHERE, &cloud.event("Delete")).await;
    assert!(matches!(failed, Err(Error::Untold(_))), "{failed:?}");
}
