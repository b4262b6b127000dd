use axum::http::Method;
use leito_http::testing::{get, post, send};
use serde_json::{Value, json};
use testkit::rows;

use crate::support::*;

fn content(name: &str) -> Value {
    json!({
        "name": name, "description": "how it goes",
        "panels": [{ "metric": "processing_time_ms", "chart": "line", "interval": "7d", "group_by": "kind" }],
    })
}

async fn made(world: &World, name: &str) -> Value {
    let body = json!({ "dashboard": content(name) }).to_string();
    send(&world.router, post(DASHBOARDS, body)).await.is(201)
}

fn path(dashboard: &Value) -> String {
    format!("{DASHBOARDS}/{}", dashboard["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_dashboard_is_made_read_changed_and_deleted() {
    let world = world().await;
    let made = made(&world, "Overview").await;
    assert_eq!(
        (&made["project_id"], &made["version"]),
        (&json!(rows::PROJECT), &json!(1))
    );
    let path = path(&made);
    let read = send(&world.router, get(&path)).await;
    assert_eq!(read.is(200), made);
    let tag = read.header("etag").to_owned();
    let put = |body: Value, tag: Option<String>| request(Method::PUT, &path, &body, tag.as_deref());
    let without = send(&world.router, put(content("New"), None)).await;
    without.is_problem(428, "precondition_required");
    let changed = send(&world.router, put(content("New"), Some(tag.clone()))).await;
    let version = changed.is(200);
    assert_eq!(
        (&version["name"], &version["version"]),
        (&json!("New"), &json!(2))
    );
    assert_eq!(
        send(&world.router, get(&path)).await.header("etag"),
        changed.header("etag")
    );
    let late = send(&world.router, put(content("Newer"), Some(tag))).await;
    late.is_problem(412, "precondition_failed");
    let delete = || request(Method::DELETE, &path, &json!({}), None);
    assert_eq!(send(&world.router, delete()).await.status, 204);
    send(&world.router, get(&path))
        .await
        .is_problem(404, "not_found");
    send(&world.router, delete())
        .await
        .is_problem(404, "not_found");
    let recorded =
        "SELECT count(*) FROM automation_audits WHERE kind = 'dashboard' AND target_id IS NOT NULL
        AND project_id IS NOT NULL AND user_id IS NOT NULL";
    assert_eq!(world.count(recorded).await, 3);
}

#[tokio::test]
async fn names_are_unique_in_a_project() {
    let world = world().await;
    made(&world, "Overview").await;
    let other = made(&world, "Other").await;
    let again = json!({ "dashboard": content("Overview") }).to_string();
    send(&world.router, post(DASHBOARDS, again))
        .await
        .is_problem(409, "name_taken");
    let renamed = request(Method::PUT, &path(&other), &content("Overview"), Some("*"));
    send(&world.router, renamed)
        .await
        .is_problem(409, "name_taken");
}

#[tokio::test]
async fn what_no_chart_can_be_is_refused_where_it_stands() {
    let world = world().await;
    let refused = async |change: &dyn Fn(&mut Value)| {
        let mut body = json!({ "dashboard": content("Overview") });
        change(&mut body["dashboard"]);
        let answer = send(&world.router, post(DASHBOARDS, body.to_string())).await;
        let problem = answer.is_problem(422, "invalid_body");
        problem["errors"][0]["pointer"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        refused(&|it| it["name"] = json!("")).await,
        "/dashboard/name"
    );
    assert_eq!(
        refused(&|it| it["panels"][0]["metric"] = json!("mood")).await,
        "/dashboard/panels/0/metric"
    );
    assert_eq!(
        refused(&|it| it["panels"][0]["interval"] = json!("1y")).await,
        "/dashboard/panels/0/interval"
    );
    assert_eq!(
        refused(&|it| it["panels"][0]["colour"] = json!("red")).await,
        "/dashboard/panels/0/colour"
    );
    assert_eq!(
        refused(&|it| it["panels"][0]["title"] = json!("")).await,
        "/dashboard/panels/0/title"
    );
    let panel = content("x")["panels"][0].clone();
    assert_eq!(
        refused(&|it| it["panels"] = json!(vec![panel.clone(); 25])).await,
        "/dashboard/panels"
    );
}

#[tokio::test]
async fn dashboards_are_listed_newest_first_a_page_at_a_time() {
    let world = world().await;
    for name in ["a", "b", "c"] {
        made(&world, name).await;
    }
    let names = |list: &Value| -> Vec<String> {
        let all = list["dashboards"].as_array().unwrap();
        all.iter()
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = send(&world.router, get(&format!("{DASHBOARDS}?limit=2")))
        .await
        .is(200);
    assert_eq!(names(&first), ["c", "b"]);
    let rest = format!(
        "{DASHBOARDS}?limit=2&before={}",
        first["next"].as_str().unwrap()
    );
    assert_eq!(names(&send(&world.router, get(&rest)).await.is(200)), ["a"]);
    let of_project = format!("{DASHBOARDS}?project_id={}", rows::PROJECT);
    for (user, seen) in [(VIEWER, 3), (STRANGER, 0), (ADMIN, 3)] {
        for path in [DASHBOARDS, &of_project] {
            let list = send(&world.as_user(user), get(path)).await.is(200);
            assert_eq!(names(&list).len(), seen, "{user} {path}");
        }
    }
}

#[tokio::test]
async fn a_viewer_looks_and_a_stranger_does_not_know_it_is_there() {
    let world = world().await;
    let made = made(&world, "Overview").await;
    let path = path(&made);
    let project = json!({ "project_id": rows::PROJECT, "dashboard": content("New") });
    for (user, reads, writes) in [(VIEWER, 200, 403), (STRANGER, 404, 404)] {
        let router = world.as_user(user);
        assert_eq!(send(&router, get(&path)).await.status, reads);
        let put = request(Method::PUT, &path, &content("New"), Some("*"));
        assert_eq!(send(&router, put).await.status, writes);
        let delete = request(Method::DELETE, &path, &json!({}), None);
        assert_eq!(send(&router, delete).await.status, writes);
        assert_eq!(
            send(&router, post(DASHBOARDS, project.to_string()))
                .await
                .status,
            writes
        );
    }
}
