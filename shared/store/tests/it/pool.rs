//! The pool: how many connections it holds and what is said when there is none; and what is done to whole databases.

use std::time::Duration;

use store::{Error, Settings, Store, databases, snapshot};

use crate::setup::*;

#[tokio::test]
async fn a_pool_tells_how_many_connections_it_holds() {
    let database = testkit::database().await;
    let store = database.store();
    store.ping().await.unwrap();
    let idle = store.connections();
    assert_eq!(
        (idle.open, idle.used, idle.most, idle.waited_for),
        (1, 0, 8, 0)
    );
    let held = store.client().await.unwrap();
    assert_eq!(store.connections().used, 1);
    drop(held);
    assert!(format!("{store:?}").contains("pool"));
}

#[tokio::test]
async fn whoever_waits_too_long_for_a_connection_may_try_again() {
    let database = testkit::database().await;
    let settings = Settings {
        pool_size: 1,
        max_overflow: 0,
        wait: Duration::from_secs(2),
        ..Settings::new(database.url())
    };
    let store = Store::connect(&settings).unwrap();
    let held = store.client().await.unwrap();
    let busy = store.client().await.unwrap_err();
    assert!(matches!(busy, Error::Busy) && busy.is_transient(), "{busy}");
    drop(held);
    store.ping().await.unwrap();
    store.close();
    let closed = store.ping().await.unwrap_err();
    assert!(matches!(closed, Error::Unreachable(_)), "{closed}");
}

#[tokio::test]
async fn a_connection_that_is_due_is_replaced_when_it_is_next_used() {
    let database = testkit::database().await;
    let settings = Settings {
        recycle: Duration::ZERO,
        ..Settings::new(database.url())
    };
    let store = Store::connect(&settings).unwrap();
    let pid = async || -> i32 {
        let client = store.client().await.unwrap();
        let row = client.query_one("SELECT pg_backend_pid()", &[]).await;
        row.unwrap().get(0)
    };
    assert_ne!(pid().await, pid().await);
    store.close();
}

#[tokio::test]
async fn a_connection_that_the_server_ended_is_not_given_out_again() {
    let database = testkit::database().await;
    let settings = Settings {
        trusted_for: Duration::ZERO,
        pool_size: 1,
        max_overflow: 0,
        ..Settings::new(database.url())
    };
    let store = Store::connect(&settings).unwrap();
    store.ping().await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    run(&database, &format!("RESET ROLE; {end}")).await;
    store.ping().await.unwrap();
    store.close();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_passing_fault_and_a_bad_statement_is_none() {
    let nowhere = Settings {
        wait: Duration::from_secs(5),
        ..Settings::new("postgres://nobody@127.0.0.1:1/none")
    };
    let unreachable = Store::connect(&nowhere).unwrap().ping().await.unwrap_err();
    assert!(unreachable.is_transient(), "{unreachable}");
    let single = databases::exists("postgres://nobody@127.0.0.1:1/none", "x").await;
    assert!(single.unwrap_err().is_transient());
    let database = testkit::database().await;
    let client = client(&database).await;
    for (statement, passes) in [
        ("SELECT nothing", false),
        (
            "RESET ROLE; SELECT pg_terminate_backend(pg_backend_pid())",
            true,
        ),
    ] {
        let failed = client.batch_execute(statement).await.unwrap_err();
        let failed = Error::from(failed);
        assert_eq!(failed.is_transient(), passes, "{failed:?}");
    }
}

#[tokio::test]
async fn bad_settings_are_named_without_the_password() {
    for url in [
        "postgres://ada:secret@[/x",
        "postgres://ada:secret@db.example/x?sslmode=verify-full&sslrootcert=/no/such.pem",
    ] {
        let bad = Store::connect(&Settings::new(url)).unwrap_err();
        assert!(matches!(bad, Error::Settings(_)), "{bad}");
        assert!(!bad.to_string().contains("secret"), "{bad}");
    }
    let settings = format!("{:?}", Settings::new("postgres://ada:secret@db.example/x"));
    assert!(!settings.contains("secret"), "{settings}");
    assert!(databases::sibling("nothing", "x").is_err());
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_where_tls_is_asked_for() {
    let database = testkit::empty_database().await;
    let separator = if database.url().contains('?') {
        '&'
    } else {
        '?'
    };
    let url = format!("{}{separator}sslmode=require", database.url());
    let refused = databases::is_empty(&url).await.unwrap_err();
    assert!(matches!(refused, Error::Unreachable(_)), "{refused:?}");
    let pool = Store::connect(&Settings::new(&url)).unwrap();
    assert!(pool.ping().await.is_err());
}

#[tokio::test]
async fn only_a_database_without_tables_is_empty_and_only_it_takes_a_dump() {
    let empty = testkit::empty_database().await;
    assert!(databases::is_empty(empty.url()).await.unwrap());
    databases::before_restore(empty.url()).await.unwrap();
    databases::before_restore(empty.url()).await.unwrap();
    databases::after_restore(empty.url()).await.unwrap();
    let rights = "SELECT FROM pg_default_acl WHERE defaclacl::text LIKE '%leito_app%' LIMIT 1";
    let found = client(&empty).await.query_opt(rights, &[]).await;
    assert!(found.unwrap().is_some());
    let full = testkit::database().await;
    assert!(!databases::is_empty(full.url()).await.unwrap());
}

#[tokio::test]
async fn a_backup_reads_the_database_of_one_moment() {
    let database = with_bed().await;
    let insert = |id: u128, key: &str| {
        format!(
            "INSERT INTO bed_files (id, bed_id, kind, name, object_key, content_type, bytes, sha256)
             VALUES ('{}', '{BED}', 'table', 'a.csv', '{key}', 'text/csv', 5, repeat('d', 64))",
            uuid::Uuid::from_u128(id)
        )
    };
    run(&database, &insert(1, "first")).await;
    let mut client = client(&database).await;
    let held = snapshot::hold(&mut client).await.unwrap();
    run(&database, &insert(2, "second")).await;
    assert!(!held.name().is_empty());
    let objects = held.objects().await.unwrap();
    let keys: Vec<_> = objects
        .iter()
        .map(|one| (one.key.as_str(), one.bytes))
        .collect();
    assert_eq!(keys, [("first", 5)], "what came later is not in it");
}
