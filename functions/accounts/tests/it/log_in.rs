use axum::http::HeaderValue;
use jiff::ToSpan;
use leito_http::testing::send;
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn a_log_in_opens_the_api_for_a_quarter_of_an_hour() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let me = service.call("GET", "/accounts/me", &ada.access, None).await;
    assert_eq!(me.is(200)["email"], EMAIL);
    assert_eq!(service.audits("user", "logged_in").await, 1);
    service.clock.advance(15.minutes().try_into().unwrap());
    service
        .call("GET", "/accounts/me", &ada.access, None)
        .await
        .is_problem(401, "unauthenticated");
    let next: Tokens = service.refresh(&ada.refresh).await.is(200).into();
    service
        .call("GET", "/accounts/me", &next.access, None)
        .await
        .is(200);
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_look_the_same() {
    let service = serving().await;
    service.register(EMAIL).await;
    let refusal = async |email: &str| {
        let answer = service
            .post("/accounts/log-in", &credentials(email, "another sentence"))
            .await;
        let mut problem = answer.is_problem(401, "unauthenticated");
        problem["request_id"] = json!(null);
        problem
    };
    assert_eq!(refusal(EMAIL).await, refusal("nobody@example.org").await);
}

#[tokio::test]
async fn an_account_without_a_password_lets_nobody_in_by_one() {
    let service = serving().await;
    let client = service.client().await;
    let known: String = client
        .query_one("SELECT email FROM users WHERE password_hash IS NULL", &[])
        .await
        .unwrap()
        .get(0);
    service
        .post("/accounts/log-in", &credentials(&known, ""))
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn guessing_a_password_soon_ends_and_the_right_one_forgives() {
    let service = serving().await;
    service.register(EMAIL).await;
    let guess = async |password: &str| {
        service
            .post("/accounts/log-in", &credentials(EMAIL, password))
            .await
            .status
            .as_u16()
    };
    let counted = "UPDATE rate_limits SET requests = 9 WHERE bucket = 'log-in of ada@example.org'";
    assert_eq!(guess("wrong").await, 401);
    service.client().await.execute(counted, &[]).await.unwrap();
    assert_eq!(guess(PASSWORD).await, 200, "the tenth is let through");
    assert_eq!(guess("wrong").await, 401, "and counting begins anew");
    let counted = counted.replace('9', "10");
    service.client().await.execute(&counted, &[]).await.unwrap();
    assert_eq!(guess(PASSWORD).await, 429, "too late");
}

#[tokio::test]
async fn a_log_in_leaves_no_secret_in_the_database() {
    let service = serving().await;
    service.register(EMAIL).await;
    let log_in = || {
        let mut request = request(
            "POST",
            "/accounts/log-in",
            None,
            Some(&credentials(EMAIL, PASSWORD)),
        );
        let key = HeaderValue::from_static("once");
        request.headers_mut().insert("idempotency-key", key);
        request
    };
    let first = send(&service.router, log_in()).await;
    assert_eq!(first.header("cache-control"), "no-store");
    let tokens: Tokens = first.is(200).into();
    send(&service.router, log_in())
        .await
        .is_problem(409, "already_answered");
    let client = service.client().await;
    for table in [
        "idempotency_keys",
        "refresh_tokens",
        "users",
        "automation_audits",
    ] {
        let rows = client
            .query(&format!("SELECT to_jsonb(t)::text FROM {table} t"), &[])
            .await
            .unwrap();
        assert!(!rows.is_empty(), "{table}");
        for row in rows {
            let row: String = row.get(0);
            for secret in [&tokens.access, &tokens.refresh, PASSWORD] {
                assert!(!row.contains(secret), "{table}: {row}");
            }
        }
    }
}
