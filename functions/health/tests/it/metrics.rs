use leito_http::testing::{self, get, send, signed_in};
use leito_http::{App, service};
use testkit::rows::{self, USER};
use testkit::{Cloud, Database, database};
use uuid::Uuid;

const PATH: &str = "/api/v1/metrics";

async fn app() -> (App, Database) {
    let (cloud, database) = (Cloud::new().await, database().await);
    let app = testing::app(
        database.store().clone(),
        cloud.queue.clone(),
        cloud.objects.clone(),
    );
    (app, database)
}

async fn sql(database: &Database, sql: &str) {
    let client = database.store().client().await.unwrap();
    client.batch_execute(sql).await.unwrap();
}

#[tokio::test]
async fn an_administrator_reads_figures_that_prometheus_understands() {
    let (app, database) = app().await;
    testkit::unsent_job(database.store()).await;
    sql(
        &database,
        "UPDATE users SET role = 'admin';
         UPDATE outbox SET send_after = now() - interval '90 s';
         INSERT INTO simulations (id, bed_id, regime, velocities_m_s, conditions, status, started_at, finished_at)
         SELECT gen_random_uuid(), beds.id, 'laminar', '{0.1}', '{}', 'completed', now() - lasted, now()
         FROM beds, UNNEST(ARRAY[interval '30 s', interval '5 minutes', interval '2 days']) lasted;
         INSERT INTO scheduled_runs (name, scheduled_for, run_token, deadline, started_at, finished_at, succeeded, outcome)
         VALUES ('cleanup', now(), gen_random_uuid(), now(), now() - interval '1 hour', now(), true, '{}')",
    )
    .await;
    let router = signed_in(service(health::router(), app.clone()), &app, USER);
    send(&router, get("/api/v1/health")).await.is(200);
    let answer = send(&router, get(PATH)).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    let text = String::from_utf8(answer.body).unwrap();
    for line in [
        "# TYPE simulations_total counter",
        "simulations_total{status=\"completed\"} 3",
        "simulation_duration_seconds_bucket{status=\"completed\",le=\"60\"} 1",
        "simulation_duration_seconds_bucket{status=\"completed\",le=\"600\"} 2",
        "simulation_duration_seconds_bucket{status=\"completed\",le=\"86400\"} 2",
        "simulation_duration_seconds_bucket{status=\"completed\",le=\"+Inf\"} 3",
        "queue_depth{kind=\"packing\",status=\"queued\"} 1",
        "queue_depth{kind=\"flow\",status=\"running\"} 0",
        "outbox_messages 1",
        "http_request_duration_seconds_count{route=\"/api/v1/health\",method=\"GET\",status=\"200\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().parse().unwrap()
    };
    assert!(value("outbox_age_seconds") >= 90.0);
    assert!(value("schedule_last_success_age_seconds{name=\"cleanup\"}") >= 3600.0);
    assert!(value("database_connections{state=\"open\"}") >= 1.0);
}

#[tokio::test]
async fn nobody_else_reads_them() {
    let (app, database) = app().await;
    let mut client = database.store().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let somebody = Uuid::from_u128(9);
    store::users::insert(&tx, &rows::user(somebody))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let router = service(health::router(), app.clone());
    send(&router, get(PATH))
        .await
        .is_problem(401, "unauthenticated");
    let router = signed_in(router, &app, somebody);
    send(&router, get(PATH)).await.is_problem(403, "forbidden");
}

#[tokio::test]
async fn health_tells_what_waits_and_which_schedules_went_well() {
    let (app, database) = app().await;
    testkit::unsent_job(database.store()).await;
    sql(
        &database,
        "INSERT INTO scheduled_runs (name, scheduled_for, run_token, deadline, finished_at, succeeded, outcome)
         VALUES ('outbox-relay', now(), gen_random_uuid(), now(), now(), true, '{}'),
            ('cleanup', now(), gen_random_uuid(), now(), now(), false, '{}')",
    )
    .await;
    let router = service(health::router(), app);
    let health = send(&router, get("/api/v1/health")).await.is(200);
    assert!(health["outbox_age_s"].as_f64().unwrap() >= 0.0);
    assert_eq!(health["schedules"].as_array().unwrap().len(), 1);
    assert_eq!(health["schedules"][0]["name"], "outbox-relay");
    assert!(health["schedules"][0]["age_s"].as_f64().is_some());
}
