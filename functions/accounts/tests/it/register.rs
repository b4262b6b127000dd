use leito_http::testing::send;
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn a_person_gets_an_account_and_a_first_project() {
    let service = serving().await;
    let mut ada = person(" Ada@Example.ORG ");
    ada["cpf"] = json!("529.982.247-25");
    let answer = service.post("/accounts", &ada).await;
    let account = answer.is(201);
    assert_eq!(answer.header("location"), "/api/v1/accounts/me");
    assert_eq!(
        (&account["email"], &account["cpf"], &account["role"]),
        (&json!(EMAIL), &json!("52998224725"), &json!("member"))
    );
    assert!(!account.to_string().contains("password"), "{account}");
    let owned = "SELECT count(*) FROM projects p JOIN project_members m ON m.project_id = p.id
        JOIN users u ON u.id = m.user_id WHERE u.email = 'ada@example.org' AND m.role = 'owner' AND p.name = 'My studies'";
    assert_eq!(service.count(owned).await, 1);
    assert_eq!(service.audits("user", "created").await, 1);
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_in_one_go() {
    let service = serving().await;
    let wrong = json!({ "name": " ", "email": "ada", "password": "short", "cpf": "52998224726" });
    let problem = service
        .post("/accounts", &wrong)
        .await
        .is_problem(422, "invalid_body");
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/name", "/email", "/password", "/cpf"]);
}

#[tokio::test]
async fn an_address_or_a_cpf_has_one_account() {
    let service = serving().await;
    let mut ada = person(EMAIL);
    ada["cpf"] = json!("52998224725");
    service.post("/accounts", &ada).await.is(201);
    for (email, at) in [("ADA@example.org", "/email"), ("bob@example.org", "/cpf")] {
        ada["email"] = json!(email);
        let problem = service
            .post("/accounts", &ada)
            .await
            .is_problem(409, "already_registered");
        assert_eq!(problem["errors"][0]["pointer"], at);
    }
}

#[tokio::test]
async fn registrations_from_one_address_are_limited() {
    let service = serving().await;
    let one = |address: &str, count: usize| {
        let body =
            json!({ "name": "x", "email": format!("x{count}@example.org"), "password": PASSWORD });
        from(address, request("POST", "/accounts", None, Some(&body)))
    };
    // The limit counts before anything expensive happens, so most of them are counted beforehand.
    let client = service.client().await;
    client
        .execute(
            "INSERT INTO rate_limits VALUES ('registration from 192.0.2.7', date_bin('1 hour', now(), 'epoch'), 19)",
            &[],
        )
        .await
        .unwrap();
    send(&service.router, one("192.0.2.7", 1)).await.is(201);
    let refused = send(&service.router, one("192.0.2.7", 2)).await;
    refused.is_problem(429, "rate_limited");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    send(&service.router, one("192.0.2.8", 3)).await.is(201);
}
