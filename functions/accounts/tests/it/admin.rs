use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::*;

fn emails(page: &Value) -> Vec<&str> {
    let accounts = page["accounts"].as_array().unwrap();
    accounts
        .iter()
        .map(|account| account["email"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn administrators_find_accounts_by_the_beginnings_of_words() {
    let service = serving().await;
    let root = service.admin("root@example.org").await;
    service.register("grace.hopper@navy.example").await;
    for (search, found) in [
        ("grace", 1),
        ("HOP%20nav", 1),
        ("hopper@navy.exa", 1),
        ("opper", 0),
        ("lovelace", 2),
        ("%27%20%7C%20x", 0),
        ("!!!", 0),
    ] {
        let page = service
            .call(
                "GET",
                &format!("/accounts?search={search}"),
                &root.access,
                None,
            )
            .await
            .is(200);
        assert_eq!(emails(&page).len(), found, "{search}: {page}");
    }
    let first = service
        .call("GET", "/accounts?limit=1", &root.access, None)
        .await
        .is(200);
    assert_eq!(emails(&first), ["grace.hopper@navy.example"]);
    let before = first["next"].as_str().unwrap();
    let second = service
        .call(
            "GET",
            &format!("/accounts?limit=1&before={before}"),
            &root.access,
            None,
        )
        .await
        .is(200);
    assert_eq!(emails(&second), ["root@example.org"]);
}

#[tokio::test]
async fn nobody_else_sees_accounts() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let somebody = format!("/accounts/{}", testkit::rows::USER);
    for path in ["/accounts", &somebody] {
        service
            .call("GET", path, &ada.access, None)
            .await
            .is_problem(403, "forbidden");
    }
    service
        .call(
            "PUT",
            &format!("{somebody}/role"),
            &ada.access,
            Some(&json!({ "role": "admin" })),
        )
        .await
        .is_problem(403, "forbidden");
}

#[tokio::test]
async fn there_is_an_administrator_at_all_times() {
    let service = serving().await;
    let (one, two) = (
        service.admin("one@example.org").await,
        service.admin("two@example.org").await,
    );
    let ids = join_all([&one, &two].map(async |tokens| {
        let me = service
            .call("GET", "/accounts/me", &tokens.access, None)
            .await;
        me.is(200)["id"].as_str().unwrap().to_owned()
    }))
    .await;
    // Each takes the right from the other, at once.
    let member = json!({ "role": "member" });
    let (a, b) = (
        format!("/accounts/{}/role", ids[1]),
        format!("/accounts/{}/role", ids[0]),
    );
    let (first, second) = tokio::join!(
        service.call("PUT", &a, &one.access, Some(&member)),
        service.call("PUT", &b, &two.access, Some(&member)),
    );
    let done = [&first, &second].map(|answer| answer.status.as_u16());
    assert!(done.contains(&200), "{done:?}");
    let admins = "SELECT count(*) FROM users WHERE role = 'admin'";
    assert_eq!(service.count(admins).await, 1);
    assert_eq!(service.audits("user", "role_changed").await, 1);
    let (tokens, path) = if first.status == 200 {
        (&one, &b)
    } else {
        (&two, &a)
    };
    service
        .call("PUT", path, &tokens.access, Some(&member))
        .await
        .is_problem(409, "conflict");
}

#[tokio::test]
async fn administrators_who_leave_at_once_do_not_wait_for_each_other_for_ever() {
    let service = serving().await;
    let mut all = Vec::new();
    for number in 0..4 {
        all.push(service.admin(&format!("admin{number}@example.org")).await);
    }
    let client = service.client().await;
    let projects = "DELETE FROM projects WHERE name = 'My studies'";
    client.execute(projects, &[]).await.unwrap();
    let answers = join_all(
        all.iter()
            .map(|tokens| service.call("DELETE", "/accounts/me", &tokens.access, None)),
    )
    .await;
    let mut statuses: Vec<_> = answers.iter().map(|it| it.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 204, 204, 409], "the last one stays");
}
