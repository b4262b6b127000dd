use store::{Error, migrate};

use crate::setup::*;

#[tokio::test]
async fn a_second_run_applies_nothing() {
    let database = testkit::database().await;
    assert_eq!(migrate(database.url()).await.unwrap().applied, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_migrate_at_once_wait_for_each_other() {
    let database = testkit::empty_database().await;
    let (one, two) = tokio::join!(migrate(database.url()), migrate(database.url()));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.version, two.version);
    assert_eq!(
        one.applied.max(two.applied),
        usize::try_from(one.version).unwrap()
    );
    assert_eq!(one.applied.min(two.applied), 0);
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_refused() {
    let database = testkit::database().await;
    run(
        &database,
        "RESET ROLE; -- migrations are the owner's
         INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         SELECT 999, 'future', applied_on, '1' FROM refinery_schema_history LIMIT 1",
    )
    .await;
    assert!(matches!(
        migrate(database.url()).await,
        Err(Error::Migration(_))
    ));
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let database = testkit::database().await;
    let client = client(&database).await;
    for statement in store::statements() {
        client
            .prepare(statement)
            .await
            .unwrap_or_else(|error| panic!("{error:?}\n{statement}"));
    }
}

#[test]
fn every_statement_of_the_sources_is_registered() {
    fn declared(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let count = |path: std::path::PathBuf| {
            if path.is_dir() {
                return declared(&path);
            }
            let text = std::fs::read_to_string(path).unwrap();
            text.lines()
                .filter(|line| line.contains("const ") && line.contains(": &str ="))
                .count()
        };
        entries.map(count).sum()
    }
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_eq!(declared(&sources), store::statements().len());
}

/// On a managed server nobody is a superuser: who owns the database may make roles, and that has to do.
#[tokio::test]
async fn an_owner_who_is_no_superuser_migrates_and_acts_as_the_application() {
    let (admin, database) = (testkit::database().await, testkit::empty_database().await);
    let place = "SELECT current_database()::text, current_setting('port')";
    let place = client(&database).await.query_one(place, &[]).await.unwrap();
    let (name, port): (String, String) = (place.get(0), place.get(1));
    let owned = format!(
        "RESET ROLE;
         DO $$ BEGIN CREATE ROLE leito_test_owner LOGIN CREATEROLE PASSWORD 'owner';
         EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         ALTER DATABASE {name} OWNER TO leito_test_owner"
    );
    run(&admin, &owned).await;
    let url = format!("postgres://leito_test_owner:owner@127.0.0.1:{port}/{name}");
    migrate(&url).await.unwrap();
    let store = store::Store::connect(&store::Settings::new(&url)).unwrap();
    let client = store.client().await.unwrap();
    let user = client.query_one("SELECT current_user::text", &[]).await;
    assert_eq!(user.unwrap().get::<_, String>(0), "leito_app");
    store.close();
}
