//! API Gateway's own events, through the handler, on sockets that this process knows under the names in them.

use std::sync::Arc;

use leito_http::testing::with_store;
use live::{Event, handle};
use push::{Hub, Live};
use serde_json::{Value, json};
use testkit::{database, rows};
use uuid::Uuid;

const ID: &str = "Jx1kYcX7oAMCJnA=";

fn recorded(name: &str, token: &str) -> Event {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
    serde_json::from_str(&text.replace("Bearer nobody", token)).unwrap()
}

#[tokio::test]
async fn the_events_of_api_gateway_open_answer_and_close() {
    let database = database().await;
    let hub = Arc::new(Hub::new(Uuid::nil()));
    let mut app = with_store(database.store().clone()).await;
    app.live = Live::through(hub.clone());
    let now = app.clock.now();
    let token = app.tokens.issue(rows::USER, rows::USER, now).unwrap();
    let answered = async |name: &str, token: &str| -> Value {
        json!(handle(&app, &recorded(name, token)).await)
    };
    let refused = answered("connect", "Bearer nobody").await;
    assert_eq!(refused["statusCode"], 401, "{refused}");
    let opened = answered("connect", &format!("Bearer {token}")).await;
    assert_eq!(opened, json!({ "statusCode": 200 }));

    let mut posted = hub.open(ID);
    answered("message", "").await;
    assert_eq!(posted.recv().await.unwrap(), r#"{"type":"pong"}"#);

    answered("disconnect", "").await;
    let client = app.store.client().await.unwrap();
    let left = client.query("SELECT FROM live_connections", &[]).await;
    assert!(left.unwrap().is_empty());
}

#[tokio::test]
async fn a_connection_that_the_store_does_not_know_is_told_to_open_another() {
    let database = database().await;
    let hub = Arc::new(Hub::new(Uuid::nil()));
    let mut app = with_store(database.store().clone()).await;
    app.live = Live::through(hub.clone());
    let mut posted = hub.open(ID);
    handle(&app, &recorded("message", "")).await;
    let said: Value = serde_json::from_str(&posted.recv().await.unwrap()).unwrap();
    assert_eq!(
        (&said["type"], &said["code"]),
        (&json!("error"), &json!("conflict")),
        "{said}"
    );
}
