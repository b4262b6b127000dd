use serde_json::{Value, json};
use store::users;
use testkit::rows;

use crate::support::*;

fn names(page: &Value) -> Vec<&str> {
    let projects = page["projects"].as_array().unwrap();
    projects
        .iter()
        .map(|project| project["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn people_find_the_projects_they_are_in() {
    let service = serving().await;
    let (ada, bob) = (service.somebody().await, service.somebody().await);
    for name in ["Catalyst supports", "Sand filters", "Catalyst rings"] {
        service.project(ada, name).await;
    }
    let of_bob = service.project(bob, "Catalyst of Bob").await;
    service.add(bob, &of_bob, ada, "viewer").await.is(201);
    let page = service.get(ada, "/projects?search=catal").await.is(200);
    assert_eq!(
        names(&page),
        ["Catalyst of Bob", "Catalyst rings", "Catalyst supports"]
    );
    assert_eq!(page["projects"][0]["role"], "viewer");
    let page = service.get(bob, "/projects").await.is(200);
    assert_eq!(names(&page), ["Catalyst of Bob"]);
    for nothing in ["nothing", "%26", "%27%29"] {
        let page = service
            .get(ada, &format!("/projects?search={nothing}"))
            .await
            .is(200);
        assert_eq!((names(&page).len(), &page["next"]), (0, &Value::Null));
    }
}

#[tokio::test]
async fn a_page_begins_where_the_one_before_ended() {
    let service = serving().await;
    let ada = service.somebody().await;
    for number in 1..=5 {
        service.project(ada, &number.to_string()).await;
    }
    let first = service.get(ada, "/projects?limit=2").await.is(200);
    assert_eq!(names(&first), ["5", "4"]);
    let next = first["next"].as_str().unwrap();
    let second = service
        .get(ada, &format!("/projects?limit=2&before={next}"))
        .await
        .is(200);
    assert_eq!(names(&second), ["3", "2"]);
    let same = service.get(ada, "/projects?limit=2&offset=2").await.is(200);
    assert_eq!(names(&same), names(&second));
    let last = service.get(ada, "/projects?limit=2&offset=4").await.is(200);
    assert_eq!((names(&last), &last["next"]), (vec!["1"], &Value::Null));
    for wrong in ["limit=0", "limit=501", "offset=10001", "before=1", "page=2"] {
        service
            .get(ada, &format!("/projects?{wrong}"))
            .await
            .is_problem(400, "invalid_query");
    }
}

#[tokio::test]
async fn administrators_may_look_at_all_projects() {
    let service = serving().await;
    let (ada, root) = (service.somebody().await, service.somebody().await);
    let path = service.project(ada, "Hers").await;
    service
        .get(root, "/projects?all=true")
        .await
        .is_problem(403, "forbidden");
    let mut client = service.client().await;
    let tx = client.transaction().await.unwrap();
    users::set_role(&tx, root, true).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        names(&service.get(root, "/projects").await.is(200)).len(),
        0
    );
    let all = service
        .get(root, "/projects?all=true&search=her")
        .await
        .is(200);
    assert_eq!(
        (names(&all), &all["projects"][0]["role"]),
        (vec!["Hers"], &json!("owner"))
    );
    // What is theirs to do everywhere, they can do here.
    service.add(root, &path, rows::USER, "editor").await.is(201);
}
