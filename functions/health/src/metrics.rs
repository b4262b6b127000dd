//! `GET /metrics`

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use leito_http::{Actor, App, Problem};
use store::access::administrator;
use store::figures;

use crate::text::{Kind, Text};

/// The media type of Prometheus's text format.
const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Figures for Prometheus.
///
/// For administrators: give Prometheus an API key of one that may only read. What the database knows is the same
/// whichever process answers; connections and HTTP requests are those of the process that does.
#[utoipa::path(
    get, path = "/metrics", tag = "health",
    responses(
        (status = 200, description = "Prometheus's text format", content_type = "text/plain", body = String),
        (status = 401, description = "Nobody is named"),
        (status = 403, description = "The caller is no administrator"),
    ),
)]
pub async fn show_metrics(State(app): State<App>, actor: Actor) -> Result<Response, Problem> {
    let client = app.store.client().await?;
    administrator(&client, actor.user_id).await?;
    let mut text = Text::default();
    simulations(&mut text, &figures::simulations(&client).await?);
    waiting(
        &mut text,
        &figures::unfinished(&client).await?,
        figures::waiting(&client).await?,
    );
    for run in crate::schedules::last(&client, app.clock.now()).await? {
        let labels = [("name", run.name.as_str())];
        text.sample("schedule_last_success_age_seconds", &labels, run.age_s);
    }
    drop(client);
    connections(&mut text, &app);
    http(&mut text, &app);
    let headers = [(header::CONTENT_TYPE, MEDIA_TYPE)];
    Ok((headers, text.into_string()).into_response())
}

fn simulations(text: &mut Text, all: &[figures::Simulations]) {
    text.about("simulations_total", Kind::Counter, "Simulations by status.");
    for one in all {
        let labels = [("status", one.status.as_str())];
        text.sample("simulations_total", &labels, one.count as f64);
    }
    let name = "simulation_duration_seconds";
    let help = "From the first stage to the end, of simulations that ended.";
    text.about(name, Kind::Histogram, help);
    for one in all.iter().filter(|one| one.ended > 0) {
        let counts = one.lasted_at_most.iter().map(|count| *count as f64);
        let classes: Vec<_> = figures::BOUNDS_S.into_iter().zip(counts).collect();
        let labels = [("status", one.status.as_str())];
        text.histogram(name, &labels, &classes, one.ended as f64, one.sum_s);
    }
}

fn waiting(text: &mut Text, jobs: &[figures::Unfinished], outbox: figures::Waiting) {
    text.about("queue_depth", Kind::Gauge, "Jobs that have not ended.");
    for kind in ["packing", "flow"] {
        for status in ["queued", "running"] {
            let found = jobs
                .iter()
                .find(|one| one.kind == kind && one.status == status);
            let labels = [("kind", kind), ("status", status)];
            let count = found.map_or(0, |one| one.jobs);
            text.sample("queue_depth", &labels, count as f64);
        }
    }
    text.about("outbox_messages", Kind::Gauge, "Messages due and not sent.");
    text.sample("outbox_messages", &[], outbox.outbox_messages as f64);
    let help = "How long the oldest of these is due.";
    text.about("outbox_age_seconds", Kind::Gauge, help);
    text.sample("outbox_age_seconds", &[], outbox.outbox_age_s);
    let help = "Since the last run that went well began.";
    text.about("schedule_last_success_age_seconds", Kind::Gauge, help);
}

fn connections(text: &mut Text, app: &App) {
    let pool = app.store.connections();
    let name = "database_connections";
    text.about(name, Kind::Gauge, "Connections of this process.");
    for (state, count) in [
        ("open", pool.open),
        ("used", pool.used),
        ("most", pool.most),
        ("waited_for", pool.waited_for),
    ] {
        text.sample(name, &[("state", state)], count as f64);
    }
}

fn http(text: &mut Text, app: &App) {
    let name = "http_request_duration_seconds";
    let help = "Answered requests of this process, by route, method and status.";
    text.about(name, Kind::Histogram, help);
    for (what, took) in app.traffic.answers() {
        let status = what.status.to_string();
        let labels = [
            ("route", what.route.as_str()),
            ("method", what.method),
            ("status", status.as_str()),
        ];
        let mut so_far = 0;
        let classes: Vec<_> = leito_http::traffic::BOUNDS_S
            .into_iter()
            .zip(took.classes)
            .map(|(bound, count)| {
                so_far += count;
                (bound, so_far as f64)
            })
            .collect();
        text.histogram(name, &labels, &classes, took.count as f64, took.sum_s);
    }
}
