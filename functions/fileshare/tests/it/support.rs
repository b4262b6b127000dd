//! A bed with a file, somebody who shares it, and somebody without an account.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use jiff::{SignedDuration, Timestamp};
use leito_http::testing::{self, Answer, get, post, send, signed_in};
use leito_http::{App, service};
use runtime::FixedClock;
use serde_json::{Value, json};
use store::bed_files::{self, NewFile};
use store::{beds, simulations};
use testkit::{Cloud, Database, database, rows};
use uuid::Uuid;

pub const CONTENT: &[u8] = b"x_m,y_m,z_m,radius_m\n0,0,0.0025,0.0025\n";
const NOON: &str = "2026-03-01T12:00:00Z";
pub const LINKS: &str = "/api/v1/fileshare";

pub struct World {
    /// Of whoever shares.
    pub router: Router,
    /// Of anybody.
    pub public: Router,
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub cloud: Cloud,
    pub bed: Uuid,
    _database: Database,
}

pub async fn world() -> World {
    world_as(|app| app).await
}

pub async fn world_as(change: impl FnOnce(App) -> App) -> World {
    let (cloud, database) = (Cloud::new().await, database().await);
    let parts = (
        database.store().clone(),
        cloud.queue.clone(),
        cloud.objects.clone(),
    );
    let clock = Arc::new(FixedClock::new(NOON.parse::<Timestamp>().unwrap()));
    let mut app = change(testing::app(parts.0, parts.1, parts.2));
    app.clock = clock.clone();
    let public = service(fileshare::routes(), app.clone());
    let bed = app.ids.next();
    let world = World {
        router: signed_in(public.clone(), &app, rows::USER),
        public,
        app,
        clock,
        cloud,
        bed,
        _database: database,
    };
    world
        .run(async |tx| beds::insert(tx, &rows::bed(bed)).await.unwrap())
        .await;
    world
}

impl World {
    /// Does something in a committed transaction.
    pub async fn run<T>(&self, work: impl AsyncFnOnce(&store::Transaction<'_>) -> T) -> T {
        let mut client = self.app.store.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        let done = work(&tx).await;
        tx.commit().await.unwrap();
        done
    }

    /// A stored file of the bed, of this simulation if one is named.
    pub async fn file(&self, name: &str, simulation: Option<Uuid>) -> Uuid {
        let folder = tempfile::tempdir().unwrap();
        let local = folder.path().join("content");
        std::fs::write(&local, CONTENT).unwrap();
        let id = self.app.ids.next();
        let key = format!("artifacts/{id}/{id}");
        let put = self.cloud.objects.put_file(&key, &local).await.unwrap();
        let file = NewFile {
            id,
            kind: "particles".to_owned(),
            name: name.to_owned(),
            object_key: put.key,
            content_type: "text/csv".to_owned(),
            bytes: i64::try_from(put.bytes).unwrap(),
            sha256: put.sha256,
            unpacked: None,
        };
        self.run(async |tx| {
            bed_files::insert(tx, self.bed, simulation, &[file])
                .await
                .unwrap();
        })
        .await;
        id
    }

    pub async fn simulation(&self) -> Uuid {
        let id = self.app.ids.next();
        let new = rows::simulation(id, self.bed);
        self.run(async |tx| simulations::insert(tx, &new).await.unwrap())
            .await;
        id
    }

    /// Shares it and gives the answer: token, path, link.
    pub async fn share(&self, body: Value) -> Value {
        send(&self.router, post(LINKS, body.to_string()))
            .await
            .is(201)
    }

    /// Shares a new file so; gives the path of the link and its id.
    pub async fn link(&self, mut terms: Value) -> (String, String) {
        terms["file_id"] = json!(self.file("particles.csv", None).await);
        let made = self.share(terms).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made["path"]), text(&made["link"]["id"]))
    }

    pub async fn downloads(&self, id: &str) -> i64 {
        let shown = send(&self.router, get(&format!("{LINKS}/{id}")))
            .await
            .is(200);
        shown["downloads"].as_i64().unwrap()
    }

    /// As curl asks.
    pub async fn fetch(&self, path: &str) -> Answer {
        send(&self.public, with(get(path), "accept", "*/*")).await
    }

    /// As a browser asks.
    pub async fn browse(&self, path: &str) -> Answer {
        send(&self.public, with(get(path), "accept", HTML)).await
    }

    /// As curl sends a form.
    pub async fn submit(&self, path: &str, form: &str) -> Answer {
        send(&self.public, form_of(path, form, "*/*")).await
    }

    /// As a browser sends a form.
    pub async fn press(&self, path: &str, form: &str) -> Answer {
        send(&self.public, form_of(path, form, HTML)).await
    }

    pub fn pass(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// One number from the database.
    pub async fn count(&self, query: &str) -> i64 {
        let client = self.app.store.client().await.unwrap();
        client.query_one(query, &[]).await.unwrap().get(0)
    }
}

pub const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn form_of(path: &str, form: &str, accept: &'static str) -> Request<Body> {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    with(request, "accept", accept)
}

pub fn with(mut request: Request<Body>, name: &'static str, value: &'static str) -> Request<Body> {
    let headers = request.headers_mut();
    headers.insert(name, value.parse().unwrap());
    request
}
