//! One request for what a link leads to: is the link good, is the password right, what was asked for.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use leito_http::{App, Code, Json, Problem, password, secret, throttle};
use store::bed_files::{self, File};
use store::beds;
use store::fileshare_items::{self, Opened, Shared};
use store::rate_limits::{self, Limit};
use uuid::Uuid;

use super::page::Page;
use super::send::Parcel;
use super::study::Study;
use super::{page, send, wants_page};

const QUARTER_OF_AN_HOUR: Duration = Duration::from_mins(15);
/// Wrong passwords that one link takes in that time.
const GUESSES: i32 = 10;
/// Requests without a password: programs that preview links send some, so they count by themselves.
const PEEKS: i32 = 120;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// The page.
    Page,
    /// What the link leads to, or this file of it.
    Content(Option<Uuid>),
    /// All files of it in one archive.
    Archive,
}

/// The request.
pub(super) struct Visit<'a> {
    pub app: &'a App,
    pub token: &'a str,
    pub ask: Ask,
    pub password: Option<String>,
    pub headers: &'a HeaderMap,
    pub is_head: bool,
}

/// Says the same of every link that does not work, whatever the reason.
pub(super) fn gone() -> Problem {
    let detail = "this link leads nowhere: it never did, has expired, was revoked or is used up";
    Problem::new(Code::NotFound, detail)
}

impl Visit<'_> {
    pub(super) async fn answer(&self) -> Result<Response, Problem> {
        let link = self.link().await?;
        if link.password_hash.is_some() && self.password.is_none() {
            return self.locked(&link).await;
        }
        self.check_password(&link).await?;
        match (link.shared, self.ask) {
            (Shared::File(id), Ask::Page) => self.page_of_file(&link, id).await,
            (Shared::File(id), Ask::Content(named)) if named.is_none_or(|named| named == id) => {
                self.send_file(&link, id).await
            }
            (Shared::Simulation(_), Ask::Content(Some(id))) => self.send_file(&link, id).await,
            (Shared::Simulation(id), Ask::Archive) => self.send_archive(&link, id).await,
            (Shared::Simulation(id), _) => self.study(&link, id).await,
            (Shared::File(_), _) => Err(gone()),
        }
    }

    async fn link(&self) -> Result<Opened, Problem> {
        let client = self.app.store.client().await?;
        let hash = secret::hash(self.token);
        let found = fileshare_items::open(&client, &hash, self.app.clock.now()).await?;
        found.ok_or_else(gone)
    }

    /// A browser is asked for the password; what is behind it stays unsaid.
    async fn locked(&self, link: &Opened) -> Result<Response, Problem> {
        if self.ask == Ask::Page {
            return self.show(page::locked(link.expires_at)).await;
        }
        throttle::count(self.app, &[limit(link, "asked", PEEKS)]).await?;
        let detail =
            "this link asks for a password: send it as the field `password` of a form, by POST";
        Err(Problem::new(Code::PasswordRequired, detail))
    }

    /// Counts before it looks, so that many guesses at once are not taken for one.
    async fn check_password(&self, link: &Opened) -> Result<(), Problem> {
        let (Some(kept), Some(given)) = (&link.password_hash, &self.password) else {
            return Ok(());
        };
        let guesses = limit(link, "guessed", GUESSES);
        throttle::count(self.app, std::slice::from_ref(&guesses)).await?;
        if !password::verify(given.clone(), Some(kept.clone())).await? {
            return Err(Problem::new(
                Code::WrongPassword,
                "this is not the link's password",
            ));
        }
        let client = self.app.store.client().await?;
        Ok(rate_limits::forgive(&client, &guesses.bucket).await?)
    }

    async fn page_of_file(&self, link: &Opened, id: Uuid) -> Result<Response, Problem> {
        let file = self.file(link, id).await?;
        self.show(page::file(&file, link)).await
    }

    pub(super) async fn show(&self, page: Page) -> Result<Response, Problem> {
        page.into_response(send::elsewhere(self.app).await?.as_deref())
    }

    async fn study(&self, link: &Opened, id: Uuid) -> Result<Response, Problem> {
        let client = self.app.store.client().await?;
        let study = Study::read(&client, link, id, self.token).await?;
        drop(client);
        if !wants_page(self.headers) {
            return Ok(Json(study).into_response());
        }
        self.show(page::study(&study, self.password.as_deref()))
            .await
    }

    async fn send_file(&self, link: &Opened, id: Uuid) -> Result<Response, Problem> {
        let parcel = Parcel::File(self.file(link, id).await?);
        self.send(link, &parcel).await
    }

    async fn send_archive(&self, link: &Opened, id: Uuid) -> Result<Response, Problem> {
        let client = self.app.store.client().await?;
        let bed = beds::get(&client, link.bed_id).await?;
        let parcel = Parcel::Archive {
            name: format!("{}.zip", bed.name),
            files: bed_files::of_simulation(&client, id).await?,
        };
        drop(client);
        self.send(link, &parcel).await
    }

    async fn send(&self, link: &Opened, parcel: &Parcel) -> Result<Response, Problem> {
        if self.is_head {
            return Ok(send::head(parcel));
        }
        send::counted(self.app, link, parcel, self.headers).await
    }

    /// A file of another study is none of this link's.
    async fn file(&self, link: &Opened, id: Uuid) -> Result<File, Problem> {
        let client = self.app.store.client().await?;
        let found = bed_files::find(&client, link.bed_id, id).await?;
        found
            .filter(|file| match link.shared {
                Shared::File(shared) => file.id == shared,
                Shared::Simulation(shared) => file.simulation_id == Some(shared),
            })
            .ok_or_else(gone)
    }
}

fn limit(link: &Opened, what: &str, at_most: i32) -> Limit {
    Limit {
        bucket: format!("share link {} {what}", link.id),
        at_most,
        window: QUARTER_OF_AN_HOUR,
    }
}
