//! A load on an HTTP API: connections that each send their next request when the last one is answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::figures::quantile;

/// Who is asked, and as whom.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it listens.
    pub socket: SocketAddr,
    /// The API key.
    pub key: String,
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct Asked {
    /// How.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// A body of JSON, or nothing.
    pub body: Bytes,
}

impl Asked {
    /// A GET.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: Bytes::new(),
        }
    }

    /// A POST of JSON.
    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            body: body.to_string().into(),
        }
    }
}

/// How answers came.
#[derive(Debug, Default)]
pub struct Answers {
    /// How long each took.
    pub latencies: Vec<Duration>,
    /// How long all of it took.
    pub took: Duration,
}

impl Answers {
    /// Answers in a second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// The 99th percentile over the median.
    pub fn tail(&mut self) -> f64 {
        let last = quantile(&mut self.latencies, 0.99).as_secs_f64();
        last / quantile(&mut self.latencies, 0.5).as_secs_f64()
    }
}

impl Target {
    /// One answer, which has to be a success.
    pub async fn ask(&self, asked: Asked) -> Result<Value> {
        let body = Connection::open(self).await?.send(asked).await?;
        Ok(serde_json::from_slice(&body)?)
    }

    /// Load for a while. `next` makes a connection's next request out of the connection's number and how many it has
    /// sent; every answer has to be a success.
    pub async fn load(
        &self,
        connections: usize,
        lasting: Duration,
        next: impl Fn(usize, usize) -> Asked + Send + Sync + 'static,
    ) -> Result<Answers> {
        let next = Arc::new(next);
        let mut opened = Vec::new();
        for _ in 0..connections {
            opened.push(Connection::open(self).await?);
        }
        let begun = Instant::now();
        let mut running = JoinSet::new();
        for (number, mut connection) in opened.into_iter().enumerate() {
            let next = Arc::clone(&next);
            running.spawn(async move {
                let mut latencies = Vec::new();
                while begun.elapsed() < lasting {
                    let asked = next(number, latencies.len());
                    let sent = Instant::now();
                    connection.send(asked).await?;
                    latencies.push(sent.elapsed());
                }
                anyhow::Ok(latencies)
            });
        }
        let mut answers = Answers::default();
        while let Some(ended) = running.join_next().await {
            answers.latencies.extend(ended??);
        }
        answers.took = begun.elapsed();
        Ok(answers)
    }
}

struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    credential: String,
}

impl Connection {
    async fn open(target: &Target) -> Result<Self> {
        let stream = TcpStream::connect(target.socket).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: target.socket.to_string(),
            credential: format!("Bearer {}", target.key),
        })
    }

    async fn send(&mut self, asked: Asked) -> Result<Bytes> {
        let mut request = Request::builder()
            .method(asked.method)
            .uri(&asked.path)
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, &self.credential);
        if !asked.body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.sender.ready().await?;
        let answer = self
            .sender
            .send_request(request.body(Full::new(asked.body))?);
        let (head, body) = answer.await?.into_parts();
        let body = body.collect().await?.to_bytes();
        let is_success = matches!(head.status, StatusCode::OK | StatusCode::CREATED);
        ensure!(
            is_success,
            "{} to {}: {}",
            head.status,
            asked.path,
            String::from_utf8_lossy(&body)
        );
        Ok(body)
    }
}

/// The text in this field of an answer.
pub fn text<'a>(answer: &'a Value, field: &str) -> Result<&'a str> {
    answer[field]
        .as_str()
        .with_context(|| format!("no {field} in {answer}"))
}
