use serde_json::{Value, json};

use crate::support::*;

async fn made(service: &Service, token: &str, scopes: &[&str]) -> Value {
    let wanted = json!({ "name": "sweep", "scopes": scopes });
    service
        .call("POST", "/api-keys", token, Some(&wanted))
        .await
        .is(201)
}

#[tokio::test]
async fn a_key_is_shown_once_and_stands_for_its_owner() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let made = made(&service, &ada.access, &["write", "read", "read"]).await;
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with(made["hint"].as_str().unwrap()), "{made}");
    assert_eq!(made["scopes"], json!(["read", "write"]));
    let me = service.call("GET", "/accounts/me", key, None).await;
    assert_eq!(me.is(200)["email"], EMAIL);
    let listed = service
        .call("GET", "/api-keys", &ada.access, None)
        .await
        .is(200);
    assert!(!listed.to_string().contains(key), "{listed}");
    assert!(listed["api_keys"][0]["last_used_at"].is_string());
    assert_eq!(service.audits("api_key", "created").await, 1);
}

#[tokio::test]
async fn a_key_makes_no_key_and_changes_no_account() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let made = made(&service, &ada.access, &["read", "write"]).await;
    let key = made["key"].as_str().unwrap();
    let wanted = json!({ "name": "more", "scopes": ["read"] });
    for (method, path, body) in [
        ("POST", "/api-keys", Some(&wanted)),
        ("GET", "/api-keys", None),
        ("POST", "/accounts/log-out", None),
        ("DELETE", "/accounts/me", None),
    ] {
        service
            .call(method, path, key, body)
            .await
            .is_problem(403, "forbidden");
    }
}

#[tokio::test]
async fn a_key_that_may_only_read_writes_nothing() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let made = made(&service, &ada.access, &["read"]).await;
    let key = made["key"].as_str().unwrap();
    service.call("GET", "/accounts/me", key, None).await.is(200);
    let problem = service
        .call("PUT", "/accounts/me", key, Some(&json!({ "name": "x" })))
        .await
        .is_problem(403, "forbidden");
    assert!(problem["detail"].as_str().unwrap().contains("`write`"));
}

#[tokio::test]
async fn a_revoked_key_and_an_expired_one_open_nothing() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let (revoked, expired) = (
        made(&service, &ada.access, &["read"]).await,
        made(&service, &ada.access, &["read"]).await,
    );
    let path = format!("/api-keys/{}", revoked["id"].as_str().unwrap());
    for _ in 0..2 {
        let answer = service.call("DELETE", &path, &ada.access, None).await;
        assert!(answer.is(200)["revoked_at"].is_string());
    }
    let expire = "UPDATE api_keys SET expires_at = now() WHERE revoked_at IS NULL";
    service.client().await.execute(expire, &[]).await.unwrap();
    for key in [revoked, expired] {
        service
            .call("GET", "/accounts/me", key["key"].as_str().unwrap(), None)
            .await
            .is_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn somebody_elses_key_is_not_found() {
    let service = serving().await;
    let (ada, bob) = (
        service.member(EMAIL).await,
        service.member("bob@example.org").await,
    );
    let key = made(&service, &ada.access, &["read"]).await;
    let path = format!("/api-keys/{}", key["id"].as_str().unwrap());
    service
        .call("DELETE", &path, &bob.access, None)
        .await
        .is_problem(404, "not_found");
    let listed = service.call("GET", "/api-keys", &bob.access, None).await;
    assert_eq!(listed.is(200)["api_keys"], json!([]));
}

#[tokio::test]
async fn a_wish_that_cannot_be_is_refused_piece_by_piece() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let wrong = json!({ "name": "", "scopes": [], "expires_at": "2020-01-01T00:00:00Z" });
    let problem = service
        .call("POST", "/api-keys", &ada.access, Some(&wrong))
        .await
        .is_problem(422, "invalid_body");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3, "{problem}");
    let unknown = json!({ "name": "x", "scopes": ["admin"] });
    service
        .call("POST", "/api-keys", &ada.access, Some(&unknown))
        .await
        .is_problem(422, "invalid_body");
}

#[tokio::test]
async fn nobody_has_keys_without_number() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let many = "INSERT INTO api_keys (id, user_id, name, hint, key_hash, scopes)
        SELECT gen_random_uuid(), id, 'x', 'x', sha256(n::text::bytea), '{read}'
        FROM users, generate_series(1, 100) n WHERE email = 'ada@example.org'";
    service.client().await.execute(many, &[]).await.unwrap();
    let wanted = json!({ "name": "x", "scopes": ["read"] });
    service
        .call("POST", "/api-keys", &ada.access, Some(&wanted))
        .await
        .is_problem(409, "conflict");
    let mut seen = 0;
    let mut path = "/api-keys?limit=40".to_owned();
    loop {
        let page = service.call("GET", &path, &ada.access, None).await.is(200);
        seen += page["api_keys"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => path = format!("/api-keys?limit=40&before={next}"),
            None => break,
        }
    }
    assert_eq!(seen, 100);
}
