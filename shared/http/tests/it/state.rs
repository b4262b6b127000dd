//! What handlers do with the state beside the store: counting requests and tries, waking workers, and naming what the
//! database refused.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get as on_get;
use leito_http::testing::{get, send, signed_in};
use leito_http::{App, Problem, throttle};
use store::access::{Access, Role};
use store::rate_limits::Limit;
use store::{beds, projects, users};
use testkit::rows;
use uuid::Uuid;

use crate::parts::world;

async fn tried(State(app): State<App>) -> Result<&'static str, Problem> {
    let limit = Limit {
        bucket: "toy".to_owned(),
        at_most: 1,
        window: Duration::from_hours(1),
    };
    throttle::count(&app, &[limit]).await?;
    Ok("fine")
}

/// Stores two projects' worth of the same thing, each refused by another rule of the database.
async fn refused(
    State(app): State<App>,
    axum::extract::Path(what): axum::extract::Path<String>,
) -> Result<(), Problem> {
    let mut client = app.store.client().await?;
    let tx = client.transaction().await.map_err(store::Error::from)?;
    let nobody = Uuid::from_u128(404);
    let bed = rows::bed(Uuid::from_u128(1));
    match what.as_str() {
        "name" => {
            beds::insert(&tx, &bed).await?;
            let again = beds::NewBed { id: nobody, ..bed };
            beds::insert(&tx, &again).await?;
        }
        "account" => {
            let bed = beds::NewBed {
                created_by: Some(nobody),
                ..bed
            };
            beds::insert(&tx, &bed).await?;
        }
        "reference" => {
            let bed = beds::NewBed {
                project_id: nobody,
                ..bed
            };
            beds::insert(&tx, &bed).await?;
        }
        "last" => {
            users::set_role(&tx, rows::USER, true).await?;
            users::set_role(&tx, rows::USER, false).await?;
        }
        "missing" => {
            let by = Access {
                user_id: rows::USER,
                at_least: Role::Owner,
            };
            projects::get(&tx, by, nobody).await?;
        }
        _ => {
            let impossible = beds::NewBed {
                particle_count: -1,
                ..bed
            };
            beds::insert(&tx, &impossible).await?;
        }
    }
    Ok(())
}

async fn wake(State(app): State<App>) -> Result<(), Problem> {
    app.wake_workers(app.store.client().await?).await;
    Ok(())
}

fn toys() -> Router<App> {
    Router::new()
        .route("/tried", on_get(tried))
        .route("/refused/{what}", on_get(refused))
        .route("/wake", on_get(wake))
}

#[tokio::test]
async fn what_is_tried_too_often_is_told_when_to_come_back() {
    let world = world().await;
    let router = world.around(toys());
    send(&router, get("/api/v1/tried")).await;
    let again = send(&router, get("/api/v1/tried")).await;
    again.is_problem(429, "rate_limited");
    let wait: u64 = again.header("retry-after").parse().unwrap();
    assert!((1..=3601).contains(&wait), "{wait}");
}

#[tokio::test]
async fn what_the_database_refuses_is_a_problem_of_its_kind() {
    let world = world().await;
    let router = world.around(toys());
    for (what, status, code) in [
        ("name", 409, "name_taken"),
        ("account", 401, "unauthenticated"),
        ("reference", 409, "conflict"),
        ("last", 409, "conflict"),
        ("missing", 404, "not_found"),
        ("impossible", 500, "internal"),
    ] {
        let answer = send(&router, get(&format!("/api/v1/refused/{what}"))).await;
        answer.is_problem(status, code);
    }
}

#[tokio::test]
async fn requests_are_counted_by_person_and_written_down() {
    let world = world().await;
    let router = signed_in(world.around(toys()), &world.app, rows::USER);
    for _ in 0..3 {
        send(&router, get("/api/v1/wake")).await;
    }
    let requests =
        "SELECT coalesce(sum(amount), 0)::bigint FROM usage_events WHERE kind = 'requests'";
    assert_eq!(world.count(requests).await, 0);
    for _ in 0..2 {
        world.app.traffic.write(&world.app.store).await.unwrap();
        assert_eq!(world.count(requests).await, 3, "each is written once");
    }
    let answers = world.app.traffic.answers();
    let (what, durations) = answers.iter().next().unwrap();
    assert_eq!((what.method, what.status, durations.count), ("GET", 200, 3));
}

#[tokio::test]
async fn requests_that_could_not_be_written_down_are_written_later() {
    let world = world().await;
    let router = signed_in(world.around(toys()), &world.app, rows::USER);
    send(&router, get("/api/v1/wake")).await;
    let nowhere = store::Settings::new("postgres://nobody@127.0.0.1:1/none");
    let nowhere = store::Store::connect(&nowhere).unwrap();
    assert!(world.app.traffic.write(&nowhere).await.is_err());
    world.app.traffic.write(&world.app.store).await.unwrap();
    let requests = "SELECT sum(amount)::bigint FROM usage_events WHERE kind = 'requests'";
    assert_eq!(world.count(requests).await, 1);
}

#[tokio::test]
async fn a_committed_job_reaches_the_queue_when_workers_are_woken() {
    let world = world().await;
    testkit::unsent_job(world.database.store()).await;
    let waiting = "SELECT count(*) FROM outbox";
    assert_eq!(world.count(waiting).await, 1);
    let router = world.around(toys());
    assert_eq!(
        send(&router, get("/api/v1/wake")).await.status.as_u16(),
        200
    );
    assert_eq!(world.count(waiting).await, 0);
}
