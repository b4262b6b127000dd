use serde_json::json;

use crate::support::*;

const PATH: &str = "/accounts/me/password";
const NEW: &str = "another long sentence";

#[tokio::test]
async fn a_new_password_ends_all_other_log_ins() {
    let service = serving().await;
    let here = service.member(EMAIL).await;
    let there = service.log_in(EMAIL).await;
    let change = json!({ "old_password": PASSWORD, "new_password": NEW });
    let changed = service
        .call("POST", PATH, &here.access, Some(&change))
        .await;
    assert_eq!(changed.status, 204);
    assert_eq!(service.audits("user", "password_changed").await, 1);
    service
        .refresh(&there.refresh)
        .await
        .is_problem(401, "unauthenticated");
    service.refresh(&here.refresh).await.is(200);
    let log_in = async |password: &str| {
        let answer = service
            .post("/accounts/log-in", &credentials(EMAIL, password))
            .await;
        answer.status.as_u16()
    };
    assert_eq!((log_in(PASSWORD).await, log_in(NEW).await), (401, 200));
}

#[tokio::test]
async fn who_does_not_know_the_old_password_changes_nothing() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let change = json!({ "old_password": "a guess", "new_password": NEW });
    service
        .call("POST", PATH, &ada.access, Some(&change))
        .await
        .is_problem(403, "forbidden");
    service
        .client()
        .await
        .execute(
            "UPDATE rate_limits SET requests = 10 WHERE bucket LIKE 'password of %'",
            &[],
        )
        .await
        .unwrap();
    service
        .call("POST", PATH, &ada.access, Some(&change))
        .await
        .is_problem(429, "rate_limited");
}

#[tokio::test]
async fn a_new_password_has_to_be_one() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    for wrong in ["short", EMAIL] {
        let change = json!({ "old_password": PASSWORD, "new_password": wrong });
        let problem = service
            .call("POST", PATH, &ada.access, Some(&change))
            .await
            .is_problem(422, "invalid_body");
        assert_eq!(problem["errors"][0]["pointer"], "/new_password");
    }
}
