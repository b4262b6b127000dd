//! What is changed and that it was changed are one transaction: neither is there without the other.

use leito_http::testing::{post, send};
use serde_json::{Value, json};

use crate::support::{Service, path, serving, spec};

/// From here on no audit can be recorded.
async fn refuse_audits(service: &Service) {
    let refusing = "RESET ROLE;
        CREATE FUNCTION refuse_audit() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'no audits today'; END $$;
        CREATE TRIGGER no_audits BEFORE INSERT ON automation_audits EXECUTE FUNCTION refuse_audit();
        SET ROLE leito_app";
    service.run(refusing).await;
}

/// Everything that is stored, but for what a request leaves for its repetition.
async fn stored(service: &Service) -> Vec<i64> {
    let tables = [
        "projects",
        "beds",
        "simulations",
        "jobs",
        "outbox",
        "submissions",
        "automation_audits",
    ];
    let mut counts = Vec::new();
    for table in tables {
        counts.push(service.count(table).await);
    }
    counts
}

#[tokio::test]
async fn a_change_that_cannot_be_recorded_is_not_made() {
    let service = serving().await;
    let cancelled = service.study().await;
    service.post(&cancelled, "/cancel").await.is(202);
    let waiting = service
        .submit("packed-bed-study", json!({ "spec": spec("other") }))
        .await
        .is(202);
    let bed = send(
        &service.router,
        post("/api/v1/beds", json!({ "spec": spec("third") }).to_string()),
    )
    .await
    .is(201);
    refuse_audits(&service).await;
    let before = (stored(&service).await, service.show(&waiting).await);
    let study =
        json!({ "kind": "packed-bed-study", "version": 1, "payload": { "spec": spec("new") } });
    let simulate = format!("/api/v1/beds/{}/simulate", bed["id"].as_str().unwrap());
    for (path, body) in [
        ("/api/v1/submissions".to_owned(), study),
        (path(&waiting, "/cancel"), Value::Null),
        (path(&cancelled, "/retry"), Value::Null),
        ("/api/v1/beds".to_owned(), json!({ "spec": spec("new") })),
        (simulate, json!({})),
        ("/api/v1/projects".to_owned(), json!({ "name": "New" })),
    ] {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = send(&service.router, post(&path, body)).await;
        answer.is_problem(500, "internal");
        let after = (stored(&service).await, service.show(&waiting).await);
        assert_eq!(after, before, "{path}");
    }
    assert_eq!(service.show(&cancelled).await["status"], "error");
}

#[tokio::test]
async fn the_record_of_a_change_is_written_by_its_transaction() {
    let service = serving().await;
    service.study().await;
    send(
        &service.router,
        post("/api/v1/projects", json!({ "name": "New" }).to_string()),
    )
    .await
    .is(201);
    for table in ["submissions", "beds", "simulations", "projects"] {
        let client = service.app.store.client().await.unwrap();
        let together = format!(
            "SELECT count(*) FROM automation_audits a JOIN {table} t ON t.id = a.target_id WHERE a.xmin = t.xmin"
        );
        let count: i64 = client.query_one(&together, &[]).await.unwrap().get(0);
        assert_eq!(count, 1, "{table}");
    }
}
