//! What AWS's own addresses have and the emulator's plain port has not: an end of TLS. It says so to what is behind it, as
//! a load balancer does, in the header that the emulator's policies look at (`aws:SecureTransport`). TLS itself is not
//! spoken on this machine.

use std::net::SocketAddr;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A listener that is to have something behind it.
pub(crate) struct Front {
    listener: TcpListener,
    address: SocketAddr,
}

/// A front at work; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Serving(JoinHandle<std::io::Result<()>>);

impl Front {
    pub(crate) async fn bind() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Hands every request over to `behind`.
    pub(crate) fn serve(self, behind: SocketAddr) -> Serving {
        let router = Router::new().fallback(hand_over).with_state(behind);
        let serving = axum::serve(self.listener, router).into_future();
        Serving(tokio::spawn(serving))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn hand_over(State(behind): State<SocketAddr>, mut request: Request) -> Response {
    let https = HeaderValue::from_static("https");
    request.headers_mut().insert("x-forwarded-proto", https);
    match answer(behind, request).await {
        Ok(answer) => answer,
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

async fn answer(behind: SocketAddr, request: Request) -> Result<Response> {
    let stream = TcpStream::connect(behind).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?.map(Body::new))
}
