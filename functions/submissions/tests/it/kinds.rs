use leito_http::testing::{get, send};

use crate::support::serving;

#[tokio::test]
async fn every_kind_shows_the_schema_of_its_payload() {
    let service = serving().await;
    let all = send(&service.router, get("/api/v1/submission-kinds"))
        .await
        .is(200);
    let kinds = all["kinds"].as_array().unwrap();
    assert_eq!(kinds.len(), 4);
    for kind in kinds {
        let one = send(&service.router, get(kind["href"].as_str().unwrap()))
            .await
            .is(200);
        assert_eq!(&one, kind);
        assert_eq!(one["schema"]["type"], "object");
    }
}

#[tokio::test]
async fn a_kind_that_is_not_registered_is_not_found() {
    let service = serving().await;
    for path in ["coffee/1", "report/9"] {
        let answer = send(
            &service.router,
            get(&format!("/api/v1/submission-kinds/{path}")),
        )
        .await;
        answer.is_problem(404, "not_found");
    }
    let answer = send(&service.router, get("/api/v1/submission-kinds/report/x")).await;
    answer.is_problem(400, "invalid_path");
}
