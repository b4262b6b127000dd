use axum::Router;
use leito_http::testing::{self, get, send, signed_in, with_store};
use leito_http::{App, service};
use serde_json::{Value, json};
use testkit::rows::{self, PROJECT, USER};
use testkit::{Database, database};
use uuid::Uuid;

const VIEWER: Uuid = Uuid::from_u128(0xb1);
const STRANGER: Uuid = Uuid::from_u128(0xb2);
const ADMIN: Uuid = Uuid::from_u128(0xb3);

/// Sums of three hours: the owner's, the viewer's and nobody's.
const SUMS: &str = "
    INSERT INTO usage_hourly (hour, kind, user_id, project_id, events, amount) VALUES
        ('2026-03-01T10:00Z', 'downloads', :owner, :project, 2, 2),
        ('2026-03-01T10:00Z', 'bytes_downloaded', :owner, :project, 2, 5000),
        ('2026-03-01T11:00Z', 'downloads', :viewer, :project, 1, 1),
        ('2026-03-01T11:00Z', 'requests', :owner, NULL, 1, 40),
        ('2026-03-01T12:00Z', 'downloads', NULL, :project, 1, 1);
    INSERT INTO usage_daily (day, kind, user_id, project_id, events, amount)
    SELECT date_trunc('day', hour, 'UTC'), kind, user_id, project_id, sum(events), sum(amount) FROM usage_hourly
    GROUP BY 1, 2, 3, 4;";

struct World {
    app: App,
    service: Router,
    _database: Database,
}

async fn world() -> World {
    let database = database().await;
    let mut client = database.store().client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    for id in [VIEWER, STRANGER, ADMIN] {
        store::users::insert(&tx, &rows::user(id)).await.unwrap();
    }
    let sums = SUMS
        .replace(":owner", &format!("'{USER}'"))
        .replace(":viewer", &format!("'{VIEWER}'"))
        .replace(":project", &format!("'{PROJECT}'"));
    let members = format!(
        "UPDATE users SET role = 'admin' WHERE id = '{ADMIN}';
         INSERT INTO project_members (project_id, user_id, role) VALUES ('{PROJECT}', '{VIEWER}', 'viewer')"
    );
    tx.batch_execute(&sums).await.unwrap();
    tx.batch_execute(&members).await.unwrap();
    tx.commit().await.unwrap();
    let app = with_store(database.store().clone()).await;
    World {
        service: service(usage::router(), app.clone()),
        app,
        _database: database,
    }
}

impl World {
    async fn ask(&self, user: Uuid, query: &str) -> testing::Answer {
        let service = signed_in(self.service.clone(), &self.app, user);
        let interval = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";
        send(&service, get(&format!("/api/v1/usage?{interval}{query}"))).await
    }

    async fn totals(&self, user: Uuid, query: &str) -> Value {
        self.ask(user, query).await.is(200)["totals"].take()
    }
}

#[tokio::test]
async fn everybody_sees_their_own_by_hour_and_by_day() {
    let world = world().await;
    let own = json!({ "downloads": 2, "bytes_downloaded": 5000, "requests": 40 });
    assert_eq!(world.totals(USER, "").await, own);
    assert_eq!(world.totals(USER, "&by=hour").await, own);
    assert_eq!(world.totals(VIEWER, "").await, json!({ "downloads": 1 }));
    assert_eq!(world.totals(STRANGER, "").await, json!({}));

    let answer = world.ask(USER, "&by=hour").await.is(200);
    assert_eq!(answer["summed_up_at"], Value::Null);
    let first = json!({ "start": "2026-03-01T10:00:00Z", "kind": "bytes_downloaded", "events": 2, "amount": 5000 });
    assert_eq!(answer["sums"][0], first);
}

#[tokio::test]
async fn owners_see_their_projects_and_members_their_own_part_of_it() {
    let world = world().await;
    let project = format!("&project_id={PROJECT}");
    let all = json!({ "downloads": 4, "bytes_downloaded": 5000 });
    assert_eq!(world.totals(USER, &project).await, all);
    assert_eq!(
        world.totals(VIEWER, &project).await,
        json!({ "downloads": 1 })
    );
    let stranger = world.ask(STRANGER, &project).await;
    stranger.is_problem(404, "not_found");
}

#[tokio::test]
async fn what_others_used_is_for_administrators() {
    let world = world().await;
    let everybody = json!({ "downloads": 4, "bytes_downloaded": 5000, "requests": 40 });
    assert_eq!(world.totals(ADMIN, "&everybody=true").await, everybody);
    let of_viewer = format!("&user_id={VIEWER}");
    assert_eq!(
        world.totals(ADMIN, &of_viewer).await,
        json!({ "downloads": 1 })
    );
    for query in ["&everybody=true", &of_viewer] {
        world.ask(USER, query).await.is_problem(403, "forbidden");
    }
    send(&world.service, get("/api/v1/usage"))
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn an_interval_that_cannot_be_is_refused() {
    let world = world().await;
    let service = signed_in(world.service.clone(), &world.app, USER);
    for query in [
        "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z",
        "by=hour&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z",
        "from=2020-01-01T00:00:00Z&to=2026-03-01T00:00:00Z",
        "from=1960-01-01T00:00:00Z&to=1960-03-01T00:00:00Z",
        "from=yesterday",
        "to=-009999-01-02T01:59:59Z",
        "by=minute",
        "colour=red",
    ] {
        let path = format!("/api/v1/usage?{query}");
        send(&service, get(&path))
            .await
            .is_problem(400, "invalid_query");
    }
}
