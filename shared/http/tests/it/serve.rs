use std::net::SocketAddr;

use axum::Router;
use axum::routing::get as on_get;
use leito_http::Error;
use leito_http::serve::Listener;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

async fn raw(address: SocketAddr, request: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn an_address_that_other_machines_reach_is_refused() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let refused = Listener::bind(address.parse().unwrap()).await;
        assert!(matches!(refused, Err(Error::NotLoopback(_))), "{address}");
    }
}

#[tokio::test]
async fn a_system_of_accounts_answers_by_whatever_name_it_is_called() {
    let routes = Router::new().route("/hi", on_get(|| async { "hello" }));
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let listener = Listener::bind_for_everybody(anywhere).await.unwrap();
    let address = listener.address();
    let serving = tokio::spawn(listener.serve(routes, std::future::pending()));
    let request = "GET /hi HTTP/1.1\r\nhost: leito.example\r\nconnection: close\r\n\r\n";
    let answer = raw(address, request).await;
    assert!(answer.ends_with("hello"), "{answer}");
    serving.abort();
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let first = Listener::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let second = Listener::bind(first.address()).await.unwrap_err();
    assert!(
        second.to_string().contains(&first.address().to_string()),
        "{second}"
    );
}

#[tokio::test]
async fn a_page_of_another_site_gets_nothing_and_an_order_to_stop_ends_serving() {
    let routes = Router::new().route("/hi", on_get(|| async { "hello" }));
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let address = listener.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(listener.serve(routes, async {
        stopped.await.unwrap();
    }));
    let ours = raw(
        address,
        &format!("GET /hi HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"),
    )
    .await;
    assert!(
        ours.starts_with("HTTP/1.1 200") && ours.ends_with("hello"),
        "{ours}"
    );
    let rebound = raw(
        address,
        "GET /hi HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert!(
        rebound.starts_with("HTTP/1.1 403") && rebound.contains("foreign_origin"),
        "{rebound}"
    );
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_open_stream_does_not_keep_the_process_from_ending() {
    let routes = Router::new().route("/forever", on_get(std::future::pending::<()>));
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let mut socket = TcpStream::connect(listener.address()).await.unwrap();
    socket
        .write_all(b"GET /forever HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    listener
        .serve(routes, std::future::ready(()))
        .await
        .unwrap();
}
