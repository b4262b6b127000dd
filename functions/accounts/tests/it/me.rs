use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn people_change_what_is_said_of_them() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let new = json!({ "name": "Ada King", "cpf": "529.982.247-25" });
    let me = service
        .call("PUT", "/accounts/me", &ada.access, Some(&new))
        .await
        .is(200);
    assert_eq!(
        (&me["name"], &me["cpf"]),
        (&json!("Ada King"), &json!("52998224725"))
    );
    assert_eq!(service.audits("user", "updated").await, 1);
    let bob = service.member("bob@example.org").await;
    service
        .call("PUT", "/accounts/me", &bob.access, Some(&new))
        .await
        .is_problem(409, "already_registered");
    let without = json!({ "name": "Ada King" });
    let me = service
        .call("PUT", "/accounts/me", &ada.access, Some(&without))
        .await
        .is(200);
    assert_eq!(me["cpf"], json!(null));
    service
        .call(
            "PUT",
            "/accounts/me",
            &ada.access,
            Some(&json!({ "name": "" })),
        )
        .await
        .is_problem(422, "invalid_body");
}

#[tokio::test]
async fn an_account_that_alone_owns_a_project_stays() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let problem = service
        .call("DELETE", "/accounts/me", &ada.access, None)
        .await
        .is_problem(409, "conflict");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("`My studies`"), "{detail}");
    service.log_in(EMAIL).await;
}

#[tokio::test]
async fn an_account_that_nobody_needs_ends_with_its_log_ins() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let shared = "INSERT INTO project_members (project_id, user_id, role)
        SELECT p.id, u.id, 'owner' FROM projects p, users u WHERE p.name = 'My studies' AND u.email <> 'ada@example.org'";
    service.client().await.execute(shared, &[]).await.unwrap();
    let gone = service
        .call("DELETE", "/accounts/me", &ada.access, None)
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(service.audits("user", "deleted").await, 1);
    let projects = "SELECT count(*) FROM projects WHERE name = 'My studies'";
    assert_eq!(service.count(projects).await, 1);
    service
        .refresh(&ada.refresh)
        .await
        .is_problem(401, "unauthenticated");
    // The access token is good for minutes still, and opens nothing.
    for (method, body) in [("GET", None), ("PUT", Some(json!({ "name": "x" })))] {
        let answer = service
            .call(method, "/accounts/me", &ada.access, body.as_ref())
            .await;
        assert!(answer.status.is_client_error(), "{:?}", answer.json());
    }
}
