//! What a connection is, before anybody asks it for something.

use std::time::Duration;

use store::{Settings, Store};

#[tokio::test]
async fn a_connection_acts_as_the_application_and_gives_up_on_long_statements() {
    let database = testkit::database().await;
    let store = Store::connect(&Settings {
        statement_timeout: Duration::from_millis(1234),
        ..Settings::new(database.url())
    })
    .unwrap();
    let client = store.client().await.unwrap();
    let says = async |name: &str| -> String {
        let setting = "SELECT current_setting($1)";
        client.query_one(setting, &[&name]).await.unwrap().get(0)
    };
    assert_eq!(says("role").await, "leito_app");
    assert_eq!(says("statement_timeout").await, "1234ms");
    assert_eq!(says("timezone").await, "UTC");
    let slow = client.batch_execute("SELECT pg_sleep(60)").await;
    assert!(slow.unwrap_err().to_string().contains("db error"));
}
