//! Whoever announces job events walks indexes, however many jobs there are.

use tokio_postgres::SimpleQueryMessage;

use crate::plans::assert_uses;
use crate::setup::*;

const ID: &str = "'00000000-0000-0000-0000-000000000001'";

/// Few watch at a time, so that all watches are looked through; what is not looked through is all the jobs there are.
#[tokio::test]
async fn whoever_lacks_something_of_a_job_is_found_by_keys() {
    let database = testkit::database().await;
    let client = client(&database).await;
    let fill = "
        INSERT INTO users (id, name, email) SELECT md5('u' || n)::uuid, 'x', n || '@example.org' FROM generate_series(1, 50) n;
        INSERT INTO beds (id, project_id, name, spec, spec_hash, tube_diameter_m, tube_height_m, particle_diameter_m, particle_count)
        SELECT md5('b')::uuid, projects.id, 'b', '{}', repeat('a', 64), 0.05, 0.1, 0.005, 100 FROM projects;
        INSERT INTO jobs (id, kind, bed_id, project_id, input, max_attempts, event_seq)
        SELECT md5('j' || n)::uuid, 'packing', beds.id, beds.project_id, '{}', 3, 3 FROM beds, generate_series(1, 20000) n;
        INSERT INTO live_connections (id, gateway, user_id)
        SELECT 'c' || n, 'api', md5('u' || n)::uuid FROM generate_series(1, 50) n;
        INSERT INTO live_watches (connection_id, job_id, sent_seq, is_new)
        SELECT 'c' || n, md5('j' || m)::uuid, 3, false FROM generate_series(1, 50) n, generate_series(1, 10) m;
        RESET ROLE; ANALYZE; SET ROLE leito_app;";
    client.batch_execute(fill).await.unwrap();
    let statements = store::statements();
    for (beginning, arguments) in [
        ("SELECT c.id FROM live_connections", "'api', 20"),
        ("SELECT w.connection_id, w.job_id", "'{c1,c2}', 50"),
    ] {
        let found = statements
            .iter()
            .find(|it| it.trim_start().starts_with(beginning));
        let prepare = format!("PREPARE due AS {}", found.unwrap());
        client.batch_execute(&prepare).await.unwrap();
        let explain = format!("EXPLAIN EXECUTE due ({arguments})");
        let plan: Vec<String> = client
            .simple_query(&explain)
            .await
            .unwrap()
            .iter()
            .filter_map(|row| match row {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            })
            .collect();
        let plan = plan.join("\n");
        assert!(plan.contains("jobs_pkey"), "{plan}");
        assert!(!plan.contains("Seq Scan on jobs"), "{plan}");
        client.batch_execute("DEALLOCATE due").await.unwrap();
    }
}

#[tokio::test]
async fn the_connections_and_watches_of_somebody_use_keys() {
    let one_person = format!("SELECT count(*) FROM live_connections WHERE user_id = {ID}");
    assert_uses("live_connections_user", &one_person).await;
    let stale = "SELECT ctid FROM live_connections WHERE seen_at < now() - interval '15 minutes'";
    assert_uses("live_connections_age", stale).await;
    let watched = format!("SELECT FROM live_watches WHERE connection_id = 'c' AND job_id = {ID}");
    assert_uses("live_watches_pkey", &watched).await;
    let ticket = "SELECT FROM live_tickets WHERE token_hash = '\\x00' AND expires_at > now()";
    assert_uses("live_tickets_pkey", ticket).await;
    let old = "SELECT ctid FROM live_tickets WHERE expires_at < now()";
    assert_uses("live_tickets_expiry", old).await;
}
