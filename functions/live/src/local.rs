//! What API Gateway does for the deployed function, on one machine: keeps the sockets, and turns what happens to them into
//! its three events. Its limits are API Gateway's.

mod handshake;
mod socket;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use leito_http::App;
use push::{Hub, Live};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Event;

/// Where the sockets are: API Gateway's stage has the same name.
pub const PATH: &str = "/live";

/// How often events are looked for that other processes wrote; those of this process are announced at once.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The sockets of this process. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    app: App,
    hub: Arc<Hub>,
    sockets: TaskTracker,
    stop: CancellationToken,
}

impl Gateway {
    /// No sockets yet.
    pub fn new(app: &App) -> Self {
        let hub = Arc::new(Hub::new(app.ids.next()));
        Self {
            app: app.clone().telling(Live::through(hub.clone())),
            hub,
            sockets: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }

    /// The state that tells those who watch through these sockets, for whatever writes events in this process.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The route at which a socket is opened.
    pub fn router(&self) -> Router {
        Router::new()
            .route(PATH, get(open))
            .with_state(self.clone())
    }

    /// Tells what other processes did until `shutdown` fires, and then closes all sockets.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            if !self.hub.is_empty() {
                self.app.live.announce(&self.app.store).await;
            }
        }
        self.stop.cancel();
        self.sockets.close();
        self.sockets.wait().await;
    }
}

/// The request that opens a socket is the first event.
async fn open(State(gateway): State<Gateway>, mut request: Request) -> Response {
    let Some(key) = handshake::key(request.headers()) else {
        return handshake::not_asked();
    };
    let id = gateway.app.ids.next().to_string();
    let query = handshake::query(request.uri());
    let event = Event::connect(&id, request.headers(), query);
    let reply = crate::handle(&gateway.app, &event).await;
    if reply.status_code != 200 {
        return handshake::refused(reply);
    }
    let upgrade = hyper::upgrade::on(&mut request);
    let sockets = gateway.sockets.clone();
    sockets.spawn(async move {
        match upgrade.await {
            Ok(upgraded) => socket::serve(&gateway, &id, upgraded).await,
            Err(error) => tracing::info!(%error, "a socket was given up before it was open"),
        }
        crate::handle(&gateway.app, &Event::disconnect(&id)).await;
    });
    handshake::accepted(&key)
}
