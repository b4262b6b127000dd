//! The searches with filters that may be left out: for every filter there is a plan that walks an index. The tables hold
//! enough rows that the planner has reason to, and it is left to choose.

use testkit::{Database, rows};
use tokio_postgres::SimpleQueryMessage;

use crate::setup::*;

const ADMIN: &str = "00000000-0000-0000-0000-0000000000a2";

/// Many rows of many projects; `made` is an id that begins with the time, as those of the service do.
const FILL: &str = "
    INSERT INTO users (id, name, email, role) VALUES ('00000000-0000-0000-0000-0000000000a2', 'Admin', 'a@b.c', 'admin');
    CREATE TEMP TABLE made AS
        SELECT n, lpad(to_hex(1700000000000 + n * 60000), 12, '0')::text || '7000800000000000' || lpad(to_hex(n), 4, '0') AS id
        FROM generate_series(1, 20000) n;
    INSERT INTO projects (id, name)
        SELECT lpad(to_hex(n), 32, '0')::uuid, 'Project' FROM generate_series(4096, 4295) n;
    INSERT INTO project_members (project_id, user_id, role)
        SELECT projects.id, (SELECT users.id FROM users WHERE role = 'member' LIMIT 1), 'owner' FROM projects ORDER BY projects.id LIMIT 3;
    INSERT INTO submissions (id, kind, version, project_id, user_id, actor_name, actor_email, payload, created_at)
        SELECT id::uuid, 'kind' || n % 40, 1, lpad(to_hex(4096 + n % 200), 32, '0')::uuid, NULL, 'x', 'x',
            jsonb_build_object('source', 'bed b' || n), to_timestamp(1700000000 + n * 60) FROM made;
    INSERT INTO automation_audits (id, kind, action, target_id, project_id, submission_id, user_id, session_id, at)
        SELECT id::uuid, 'kind' || n % 40, 'created', md5('t' || n % 5000)::uuid, lpad(to_hex(4096 + n % 200), 32, '0')::uuid,
            md5('s' || n % 5000)::uuid, md5('u' || n % 300)::uuid, md5('l' || n % 2000)::uuid,
            to_timestamp(1700000000 + n * 60) FROM made;
    RESET ROLE; ANALYZE; SET ROLE leito_app; SET plan_cache_mode = force_custom_plan;";

/// The one search of that table, prepared as `search`.
async fn prepared(table: &str, inside: bool) -> (Database, store::Client) {
    let database = testkit::database().await;
    let client = client(&database).await;
    client.batch_execute(FILL).await.unwrap();
    let searches = store::statements();
    let from = format!("FROM {table} ");
    let search = searches.iter().find(|it| {
        it.contains(&from) && it.contains("OFFSET $14") && it.contains("OFFSET 0") == inside
    });
    client
        .batch_execute(&format!("PREPARE search AS {}", search.unwrap()))
        .await
        .unwrap();
    (database, client)
}

/// The plan for somebody, with these arguments at these places and all others null.
async fn plan(client: &store::Client, who: &str, arguments: &[(usize, &str)]) -> String {
    let mut all = vec!["NULL".to_owned(); 14];
    all[0] = format!("'{who}'");
    (all[12], all[13]) = ("51".to_owned(), "0".to_owned());
    for (place, value) in arguments {
        all[place - 1] = format!("'{value}'");
    }
    let explain = format!("EXPLAIN EXECUTE search ({})", all.join(", "));
    let rows = client.simple_query(&explain).await.unwrap();
    let lines = rows.iter().filter_map(|row| match row {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

async fn check(
    table: &str,
    client: &store::Client,
    who: &str,
    arguments: &[(usize, &str)],
    index: &str,
) {
    let plan = plan(client, who, arguments).await;
    assert!(
        plan.contains(index),
        "{arguments:?}: {index} is not used:\n{plan}"
    );
    assert!(
        !plan.contains(&format!("Seq Scan on {table}")),
        "{arguments:?}:\n{plan}"
    );
}

const ID: &str = "018bf3a8-ae00-7000-8000-000000000001";

#[tokio::test]
async fn every_search_of_submissions_walks_an_index() {
    let (_database, client) = prepared("submissions", false).await;
    let filters: [(&[(usize, &str)], &str); 7] = [
        (&[], "submissions_pkey"),
        (&[(12, ID)], "submissions_pkey"),
        (&[(2, "kind7")], "submissions_kind"),
        (&[(4, "done")], "submissions_status"),
        (&[(5, ID)], "submissions_user"),
        (&[(6, ID)], "submissions_project"),
        (&[(7, "2023-11-20"), (11, ID)], "submissions_pkey"),
    ];
    for (arguments, index) in filters {
        check("submissions", &client, ADMIN, arguments, index).await;
    }
    let member = rows::USER.to_string();
    check("submissions", &client, &member, &[], "submissions_project").await;
    check(
        "submissions",
        &client,
        &member,
        &[(12, ID)],
        "submissions_project",
    )
    .await;
}

#[tokio::test]
async fn what_is_inside_submissions_is_found_by_its_index() {
    let (_database, client) = prepared("submissions", true).await;
    let contains = [(9, "{\"source\": \"bed b77\"}")];
    for index in ["submissions_payload", "submissions_result"] {
        check("submissions", &client, ADMIN, &contains, index).await;
    }
    let word = [(10, "b77")];
    check("submissions", &client, ADMIN, &word, "submissions_words").await;
}

#[tokio::test]
async fn every_search_of_audits_walks_an_index() {
    let (_database, client) = prepared("automation_audits", false).await;
    let filters: [(&[(usize, &str)], &str); 9] = [
        (&[], "automation_audits_pkey"),
        (&[(3, "deleted")], "automation_audits_action"),
        (&[(12, ID)], "automation_audits_pkey"),
        (&[(2, "kind7")], "automation_audits_kind"),
        (&[(4, ID)], "automation_audits_user"),
        (&[(5, ID)], "automation_audits_project"),
        (&[(6, ID)], "automation_audits_target"),
        (&[(7, ID)], "automation_audits_submission"),
        (&[(8, ID)], "automation_audits_session"),
    ];
    for (arguments, index) in filters {
        check("automation_audits", &client, ADMIN, arguments, index).await;
    }
    let member = rows::USER.to_string();
    for index in ["automation_audits_user", "automation_audits_project"] {
        check("automation_audits", &client, &member, &[], index).await;
        check("automation_audits", &client, &member, &[(12, ID)], index).await;
    }
    for index in [
        "automation_audits_user_kind",
        "automation_audits_project_kind",
    ] {
        check(
            "automation_audits",
            &client,
            &member,
            &[(2, "kind7")],
            index,
        )
        .await;
    }
}
