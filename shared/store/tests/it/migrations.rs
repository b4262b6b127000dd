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
