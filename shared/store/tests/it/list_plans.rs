//! Every list of beds, simulations and jobs walks an index: in one project without a sort, and in all of somebody's
//! projects with one walk each.

use store::beds::{self, Column, Condition, Sort, State, Test};
use store::jobs;
use store::list::{Cursor, Key, KeyKind, Page, Query, Range};
use store::simulations::{self, WantedQuantity};
use testkit::rows;
use uuid::Uuid;

use crate::setup::*;

/// Plans of these statements, where an index is taken whenever there is one.
async fn plans(queries: Vec<Query>) -> Vec<String> {
    let database = testkit::database().await;
    let client = client(&database).await;
    client
        .batch_execute(
            "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
             SET plan_cache_mode = force_custom_plan",
        )
        .await
        .unwrap();
    let mut plans = Vec::new();
    for query in queries {
        plans.push(query.plan(&client).await.unwrap());
    }
    plans
}

fn page(kind: KeyKind) -> Page {
    let key = match kind {
        KeyKind::Real => Key::Real(0.1),
        KeyKind::Whole => Key::Whole(7),
        KeyKind::Text => Key::Text("demo".to_owned()),
        KeyKind::Time => Key::Time(jiff::Timestamp::UNIX_EPOCH),
    };
    let after = Some(Cursor {
        key,
        id: Uuid::nil(),
        index: 0,
    });
    Page {
        limit: 20,
        offset: 0,
        after,
    }
}

/// In one project the list comes out of the index in its order; in all of them at most twenty rows of each are sorted.
fn check(index: &str, table: &str, in_one: &str, in_all: &str) {
    for plan in [in_one, in_all] {
        assert!(plan.contains(index), "{index} is not used:\n{plan}");
        let scans = plan.contains(&format!("Seq Scan on {table}"));
        assert!(!scans, "{plan}");
    }
    assert!(!in_one.contains("Sort"), "{in_one}");
}

fn range() -> Range<f64> {
    Range {
        from: Some(0.01),
        to: Some(0.02),
    }
}

#[tokio::test]
async fn every_order_of_beds_has_an_index() {
    let orders = [
        (Sort::Created, "beds_created"),
        (Sort::Updated, "beds_updated"),
        (Sort::Name, "beds_name"),
        (Sort::By(Column::TubeDiameter), "beds_tube_diameter"),
        (Sort::By(Column::TubeHeight), "beds_tube_height"),
        (Sort::By(Column::ParticleDiameter), "beds_particle_diameter"),
        (Sort::By(Column::ParticleCount), "beds_particle_count"),
        (Sort::By(Column::TubeToParticleRatio), "beds_ratio"),
    ];
    for descending in [false, true] {
        let mut queries = Vec::new();
        for (sort, _) in orders {
            for project_id in [Some(rows::PROJECT), None] {
                let wanted = beds::Search {
                    project_id,
                    state: Some(State::Busy),
                    columns: vec![(Column::TubeHeight, range())],
                    conditions: vec![Condition {
                        block: "particles",
                        field: "friction",
                        test: Test::Within(range()),
                    }],
                    ..beds::Search::default()
                };
                let page = page(sort.kind());
                let order = (sort, descending);
                queries.push(beds::search_query(rows::USER, wanted, order, &page));
            }
        }
        let plans = plans(queries).await;
        for ((_, index), both) in orders.iter().zip(plans.chunks(2)) {
            check(index, "beds", &both[0], &both[1]);
        }
    }
}

#[tokio::test]
async fn words_of_beds_are_found_by_index() {
    let database = testkit::database().await;
    let client = client(&database).await;
    client
        .batch_execute("SET enable_seqscan = off")
        .await
        .unwrap();
    let query = "EXPLAIN SELECT id FROM beds t
        WHERE search_words(t.name || ' ' || t.description) @@ to_tsquery('simple', '''wid'':*')";
    let rows = client.query(query, &[]).await.unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(plan.join("\n").contains("beds_words"), "{plan:?}");
}

#[tokio::test]
async fn lists_of_simulations_have_indexes() {
    let of = |change: fn(&mut simulations::Search)| {
        [Some(rows::PROJECT), None].map(|project_id| {
            let mut wanted = simulations::Search {
                project_id,
                ..simulations::Search::default()
            };
            change(&mut wanted);
            let kind = simulations::sort_kind(wanted.quantity.is_some());
            simulations::search_query(rows::USER, wanted, true, &page(kind))
        })
    };
    let queries = [
        of(|_| ()),
        of(|wanted| wanted.status = Some("completed".to_owned())),
        of(|wanted| wanted.bed_id = Some(BED)),
        of(|wanted| {
            wanted.quantity = Some(WantedQuantity {
                name: "pressure_drop_pa".to_owned(),
                range: range(),
            });
        }),
    ];
    let plans = plans(queries.into_iter().flatten().collect()).await;
    let indexes = [
        ("simulations_created", "simulations"),
        ("simulations_status", "simulations"),
        ("simulations_of_bed", "simulations"),
        ("results_value", "results"),
    ];
    for ((index, table), both) in indexes.iter().zip(plans.chunks(2)) {
        check(index, table, &both[0], &both[1]);
    }
}

#[tokio::test]
async fn lists_of_jobs_have_indexes() {
    let of = |change: fn(&mut jobs::Search)| {
        [Some(rows::PROJECT), None].map(|project_id| {
            let mut wanted = jobs::Search {
                project_id,
                ..jobs::Search::default()
            };
            change(&mut wanted);
            jobs::search_query(rows::USER, wanted, true, &page(KeyKind::Time))
        })
    };
    let queries = [
        of(|_| ()),
        of(|wanted| wanted.status = Some(job::Status::Failed)),
        of(|wanted| wanted.kind = Some(job::Kind::Flow)),
        of(|wanted| wanted.created_by = Some(rows::USER)),
        of(|wanted| wanted.bed_id = Some(BED)),
    ];
    let plans = plans(queries.into_iter().flatten().collect()).await;
    let indexes = [
        "jobs_created",
        "jobs_status",
        "jobs_kind",
        "jobs_creator_in_project",
        "jobs_of_bed",
    ];
    for (index, both) in indexes.iter().zip(plans.chunks(2)) {
        check(index, "jobs", &both[0], &both[1]);
    }
}
