//! Nothing that is sent makes it fail.

use leito_http::testing::{post, send};
use serde_json::{Value, json};

use crate::support::{serving, spec};

#[tokio::test]
async fn no_payload_is_a_failure_of_ours() {
    let service = serving().await;
    let odd = [
        Value::Null,
        json!(1),
        json!("x"),
        json!([]),
        json!({}),
        json!({ "beds": [null] }),
        json!({ "beds": [{ "spec": [] }] }),
        json!({ "spec": 1 }),
        json!({ "spec": spec("x"), "conditions": { "velocities_m_s": 1 } }),
        json!({ "spec": spec("x"), "conditions": { "velocities_m_s": [1e308] } }),
        json!({ "source": "" }),
        json!({ "source": "bed \u{202e} {" }),
        json!({ "bed_id": null, "velocities_m_s": [0] }),
        json!({ "simulation_ids": [1] }),
    ];
    for payload in odd {
        for kind in ["packed-bed-study", "velocity-sweep", "bed-batch", "report"] {
            let answer = service.submit(kind, payload.clone()).await;
            assert_eq!(
                answer.status.as_u16(),
                422,
                "{kind} {payload}: {}",
                answer.json()
            );
        }
    }
    for body in [
        json!({ "kind": "report", "version": 2_147_483_648_i64, "payload": {} }),
        json!({ "kind": "report", "payload": {} }),
        json!({ "kind": "report", "version": 1, "payload": {}, "more": 1 }),
    ] {
        let answer = send(
            &service.router,
            post("/api/v1/submissions", body.to_string()),
        )
        .await;
        answer.is_problem(422, "invalid_body");
    }
}
