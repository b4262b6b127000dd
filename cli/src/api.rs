//! Leito's HTTP API as the command line uses it. Nothing here knows whether the system is this process or another.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use futures::TryStreamExt;
use objects::gzip;
use reqwest::header::{AUTHORIZATION, ETAG, HeaderMap, HeaderValue, IF_MATCH, LOCATION};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio_util::io::StreamReader;

mod refusal;
mod types;

pub use refusal::Refusal;
use types::Files;
pub use types::{Bed, BedFile, Events, Job, Packing, Simulation, Started};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Files in one answer.
const PAGE: u32 = 500;
/// How long one request for events waits for something new.
const WAIT_S: u32 = 20;

/// A system that answers at one address.
#[derive(Clone, Debug)]
pub struct Api {
    client: reqwest::Client,
    base: String,
}

impl Api {
    /// The API at `address`, as in `http://127.0.0.1:8080`, for the account that this key opens.
    pub fn at(address: &str, key: &str) -> Result<Self> {
        let mut bearer = HeaderValue::from_str(&format!("Bearer {key}"))
            .context("the key holds characters that no key has")?;
        bearer.set_sensitive(true);
        let client = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .connect_timeout(CONNECT_TIMEOUT)
            .no_proxy() // it is this machine
            .build()?;
        Ok(Self {
            client,
            base: format!("{}/api/v1", address.trim_end_matches('/')),
        })
    }

    /// Stores the bed of a `.bed` file: as a new one, or as the new version of the one that has its name.
    pub async fn store_bed(&self, source: &str) -> Result<Bed> {
        let body = json!({ "source": source });
        let answer = send(self.client.post(self.url("/beds")).json(&body)).await?;
        match place(&answer) {
            Some(place) if answer.status() == StatusCode::CONFLICT => {
                self.change_bed(&place, &body).await
            }
            _ => read(successful(answer).await?).await,
        }
    }

    async fn change_bed(&self, place: &str, body: &Value) -> Result<Bed> {
        let id = place.rsplit('/').next().unwrap_or_default();
        let url = self.url(&format!("/beds/{id}"));
        let stored = accepted(self.client.get(&url)).await?;
        let tag = stored.headers().get(ETAG).cloned();
        let tag = tag.context("the bed has no version")?;
        self.json(self.client.put(url).header(IF_MATCH, tag).json(body))
            .await
    }

    /// Asks for the bed to be packed and its flows to be solved.
    pub async fn simulate(&self, bed: &str) -> Result<Started> {
        self.json(
            self.client
                .post(self.url(&format!("/beds/{bed}/simulate")))
                .json(&json!({})),
        )
        .await
    }

    /// The state of a job.
    pub async fn job(&self, id: &str) -> Result<Job> {
        self.json(self.client.get(self.url(&format!("/jobs/{id}"))))
            .await
    }

    /// What happened to a job after event `after`; waits a while when that is nothing yet.
    pub async fn events(&self, job: &str, after: i32) -> Result<Events> {
        let url = self.url(&format!("/jobs/{job}/events?after={after}&wait_s={WAIT_S}"));
        self.json(self.client.get(url)).await
    }

    /// Asks for a job to stop.
    pub async fn cancel(&self, job: &str) -> Result<Job> {
        self.json(self.client.post(self.url(&format!("/jobs/{job}/cancel"))))
            .await
    }

    /// Whatever is at this path.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.json(self.client.get(self.url(path))).await
    }

    /// Whatever posting nothing to this path gives.
    pub async fn post(&self, path: &str) -> Result<Value> {
        self.json(self.client.post(self.url(path))).await
    }

    /// A simulation with its results.
    pub async fn simulation(&self, id: &str) -> Result<Simulation> {
        self.json(self.client.get(self.url(&format!("/simulations/{id}"))))
            .await
    }

    /// The files of a bed, those of all its simulations included.
    pub async fn files(&self, bed: &str) -> Result<Vec<BedFile>> {
        let first = format!("/beds/{bed}/files?limit={PAGE}");
        let mut page: Files = self.json(self.client.get(self.url(&first))).await?;
        let mut files = std::mem::take(&mut page.files);
        while let Some(after) = page.next {
            page = self
                .json(self.client.get(self.url(&format!("{first}&after={after}"))))
                .await?;
            files.append(&mut page.files);
        }
        Ok(files)
    }

    /// Writes the content of one file of a bed to `path`, unpacked if Leito compressed it; an unfinished download never has
    /// that name.
    pub async fn download(&self, bed: &str, file: &BedFile, path: &Path) -> Result<()> {
        let url = self.url(&format!("/beds/{bed}/files/{}", file.id));
        let answer = accepted(self.client.get(url)).await?;
        let body = answer.bytes_stream().map_err(std::io::Error::other);
        let unfinished = path.with_added_extension("part");
        let mut to = tokio::fs::File::create(&unfinished).await?;
        tokio::io::copy(&mut StreamReader::new(body), &mut to).await?;
        to.flush().await?;
        match &file.unpacked {
            None => tokio::fs::rename(&unfinished, path).await?,
            Some(unpacked) => {
                gzip::unpack(&unfinished, path, &unpacked.content).await?;
                tokio::fs::remove_file(&unfinished).await?;
            }
        }
        Ok(())
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        read(accepted(request).await?).await
    }
}

/// Sends; an answer that is no success becomes a [`Refusal`].
async fn accepted(request: RequestBuilder) -> Result<Response> {
    successful(send(request).await?).await
}

async fn send(request: RequestBuilder) -> Result<Response> {
    request.send().await.context("Leito does not answer")
}

async fn successful(answer: Response) -> Result<Response> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let status = answer.status();
    let body = answer.bytes().await.unwrap_or_default();
    Err(Refusal::read(status, &body).into())
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T> {
    let url = answer.url().path().to_owned();
    answer
        .json()
        .await
        .with_context(|| format!("{url} gave an answer that this leito does not understand"))
}

/// Where the thing is that an answer speaks of.
fn place(answer: &Response) -> Option<String> {
    let place = answer.headers().get(LOCATION)?.to_str().ok()?;
    Some(place.to_owned())
}
