//! Services outside the containers: a Postgres of this machine, the emulator for the bucket and the queues.

use std::future::Future;
use std::net::TcpListener;
use std::time::Duration;

use embedded::emulator::{DEFAULT_REGION, Emulator, EmulatorSettings, Resources};
use embedded::postgres::{Postgres, PostgresSettings};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use system_tests::workspace;
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::api::Api;
use crate::podman::Container;

/// Far more than anything here takes, on a machine that does other things too.
const LIMIT: Duration = Duration::from_mins(5);

/// What a container host offers.
pub struct Services {
    postgres: Postgres,
    emulator: Emulator,
    /// What every container is told of them.
    pub variables: Vec<(String, String)>,
    _folder: TempDir,
}

/// The API, in its container.
pub struct Served {
    pub container: Container,
    pub address: String,
}

impl Services {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = PostgresSettings {
            data: folder.path().join("database"),
        };
        let cloud = EmulatorSettings {
            program: workspace().join(".leito/emulator/bin/ministack"),
            data: folder.path().join("cloud"),
            keep: false,
            port: None,
            env: Vec::new(),
        };
        let started = tokio::try_join!(Postgres::start(&database), Emulator::start(&cloud));
        let (postgres, emulator) = started.unwrap();
        let made = Resources::default().ensure(emulator.endpoint_url()).await;
        let (queues, objects) = made.unwrap();
        let variables = [
            ("DATABASE_URL", postgres.tcp_url()),
            ("AWS_ENDPOINT_URL", emulator.endpoint_url()),
            ("AWS_REGION", DEFAULT_REGION),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("LEITO_BUCKET", &objects.bucket),
            ("LEITO_PACKING_QUEUE_URL", queues.packing.url()),
            ("LEITO_FLOW_QUEUE_URL", queues.flow.url()),
            ("LEITO_CORES", "2"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            variables: variables.into(),
            postgres,
            emulator,
            _folder: folder,
        }
    }

    /// The variables of a process that answers HTTP.
    pub fn with_secret(&self) -> Vec<(String, String)> {
        let secret = "the secret of containers that live for one test";
        let mut variables = self.variables.clone();
        variables.push(("LEITO_TOKEN_SECRET".to_owned(), secret.to_owned()));
        variables
    }

    /// Starts `leito serve`, on this machine's own address, and waits until it is healthy.
    pub async fn serve(&self) -> Served {
        let port = free_port();
        let mut variables = self.with_secret();
        variables.push(("PORT".to_owned(), port.to_string()));
        let arguments = ["serve", "--address", "127.0.0.1"];
        let served = Served {
            container: Container::start("leito/serve", &variables, &arguments),
            address: format!("http://127.0.0.1:{port}"),
        };
        let health = served.url("/health");
        within(async {
            let mut looks = interval(Duration::from_millis(50));
            loop {
                looks.tick().await;
                let answer = reqwest::get(&health).await;
                if answer.is_ok_and(|answer| answer.status().is_success()) {
                    return;
                }
            }
        })
        .await;
        served
    }

    pub async fn stop(self) {
        self.emulator.stop().await.unwrap();
        self.postgres.stop().await.unwrap();
    }
}

impl Served {
    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.address)
    }

    /// What somebody unknown is told.
    pub async fn refusal(&self, path: &str) -> StatusCode {
        reqwest::get(self.url(path)).await.unwrap().status()
    }

    /// The API for somebody who has just registered and logged in.
    pub async fn registered(&self, email: &str) -> Api {
        let password = "a sentence that is long enough";
        let account = json!({ "name": "Ada", "email": email, "password": password });
        self.post("/accounts", &account).await;
        let known = json!({ "email": email, "password": password });
        let tokens = self.post("/accounts/log-in", &known).await;
        Api::at(&self.address, tokens["access_token"].as_str().unwrap())
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = Client::new().post(self.url(path)).json(body).send().await;
        let answer = answer.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }
}

/// Waits, but not for ever.
pub async fn within<T>(what: impl Future<Output = T>) -> T {
    timeout(LIMIT, what).await.expect("this ends in time")
}

fn free_port() -> u16 {
    let socket = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    socket.local_addr().unwrap().port()
}
