//! Who may open a connection, and what is left when it is closed.

use leito_http::{auth, secret};
use serde_json::json;
use store::api_keys::{self, NewKey};
use testkit::rows;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use uuid::Uuid;

use crate::client::Client;
use crate::support::*;

async fn status(service: &Service, target: &str, headers: &[(&'static str, &str)]) -> u16 {
    match Client::open(service.address, target, headers).await {
        Ok(_) => 101,
        Err(status) => status.as_u16(),
    }
}

#[tokio::test]
async fn nobody_gets_in_without_good_credentials() {
    let service = serving().await;
    let expired = {
        let long_ago = service.app.clock.now() - std::time::Duration::from_hours(1);
        let user = rows::USER;
        service.app.tokens.issue(user, user, long_ago).unwrap()
    };
    assert_eq!(status(&service, "/live", &[]).await, 401);
    for bearer in ["nonsense", "leito_0000", &expired] {
        let header = format!("Bearer {bearer}");
        let refused = status(&service, "/live", &[("authorization", &header)]).await;
        assert_eq!(refused, 401, "{bearer}");
    }
    let good = format!("Basic {}", service.token(rows::USER));
    assert_eq!(
        status(&service, "/live", &[("authorization", &good)]).await,
        401
    );
    assert_eq!(
        status(&service, "/live?ticket=ticket_unknown", &[]).await,
        401
    );
    assert_eq!(service.count("live_connections").await, 0);
}

#[tokio::test]
async fn an_api_key_lets_a_program_in() {
    let service = serving().await;
    let (key, key_hash) = secret::new(auth::KEY_PREFIX).unwrap();
    let new = NewKey {
        id: Uuid::now_v7(),
        user_id: rows::USER,
        name: "watcher".to_owned(),
        hint: secret::hint(&key),
        key_hash,
        scopes: vec!["read".to_owned()],
        expires_at: None,
    };
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    api_keys::insert(&tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    let bearer = format!("Bearer {key}");
    assert_eq!(
        status(&service, "/live", &[("authorization", &bearer)]).await,
        101
    );
}

#[tokio::test]
async fn a_ticket_lets_a_browser_in_once() {
    let service = serving().await;
    let target = format!("/live?ticket={}", service.ticket().await);
    let mut first = Client::open(service.address, &target, &[]).await.unwrap();
    assert_eq!(status(&service, &target, &[]).await, 401, "it is used");
    let job = service.job().await;
    first.watch(job, 0).await;
    assert_eq!(first.hear().await["job"], json!(job));
    assert_eq!(service.count("live_tickets").await, 0);
}

#[tokio::test]
async fn a_ticket_is_soon_too_old_and_only_its_hash_is_kept() {
    let service = serving().await;
    let ticket = service.ticket().await;
    let kept = format!("live_tickets WHERE token_hash = sha256('{ticket}')");
    assert_eq!(service.count(&kept).await, 1);
    service
        .sql("UPDATE live_tickets SET expires_at = now()")
        .await;
    let target = format!("/live?ticket={ticket}");
    assert_eq!(status(&service, &target, &[]).await, 401);
}

#[tokio::test]
async fn one_person_has_so_many_connections_and_no_more() {
    let service = serving().await;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(service.connected().await);
    }
    let bearer = format!("Bearer {}", service.token(rows::USER));
    assert_eq!(
        status(&service, "/live", &[("authorization", &bearer)]).await,
        429
    );
    let other = service.another(None).await;
    service.connected_as(other).await;
    open.pop().unwrap().close().await;
    let mine = format!("live_connections WHERE user_id = '{}'", rows::USER);
    service.until_count(&mine, 19).await;
    service.connected().await;
}

#[tokio::test]
async fn connections_that_were_silent_for_long_do_not_count() {
    let service = serving().await;
    let fill = format!(
        "INSERT INTO live_connections (id, gateway, user_id, seen_at)
         SELECT 'c' || n, 'lost', '{}', now() - interval '16 minutes' FROM generate_series(1, 30) n",
        rows::USER
    );
    service.sql(&fill).await;
    service.connected().await;
}

#[tokio::test]
async fn a_closed_connection_leaves_nothing_behind() {
    let service = serving().await;
    let job = service.job().await;
    let mut client = service.connected().await;
    client.watch(job, 0).await;
    client.hear().await;
    assert_eq!(service.count("live_watches").await, 1);
    client.close().await;
    service.until_count("live_connections", 0).await;
    assert_eq!(service.count("live_watches").await, 0);
}

#[tokio::test]
async fn one_that_breaks_off_leaves_nothing_behind_either() {
    let service = serving().await;
    let client = service.connected().await;
    drop(client);
    service.until_count("live_connections", 0).await;
}

#[tokio::test]
async fn a_process_that_stops_closes_its_connections() {
    let service = serving().await;
    let mut client = service.connected().await;
    service.stop.cancel();
    assert_eq!(client.closed().await, CloseCode::Away);
    service.until_count("live_connections", 0).await;
}

#[tokio::test]
async fn a_request_that_asks_for_no_socket_is_told_that_here_is_one() {
    let service = serving().await;
    let refused = status(&service, "/live", &[("sec-websocket-version", "12")]).await;
    assert_eq!(refused, 426);
}
