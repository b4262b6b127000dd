//! Beds are found by what they are.

use jiff::SignedDuration;
use serde_json::json;
use store::beds::{self, Column, Condition, NewBed, Search, Sort, State, Test};
use store::list::{Page, Range};
use store::{jobs, packings};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

const WIDE: Uuid = Uuid::from_u128(61);
const FINE: Uuid = Uuid::from_u128(62);

/// Three beds, the oldest first: the plain one, one in a wide tube, one of many fine particles.
async fn three() -> Database {
    let database = with_bed().await;
    let wide = NewBed {
        name: "wide".to_owned(),
        description: "A catalyst support".to_owned(),
        tube_diameter_m: 0.1,
        spec: json!({ "particles": { "shape": "sphere" }, "flow": { "superficial_velocity_m_s": [0.1, 0.4] } }),
        ..rows::bed(WIDE)
    };
    let fine = NewBed {
        name: "fine".to_owned(),
        particle_diameter_m: 0.001,
        particle_count: 5000,
        created_by: None,
        ..rows::bed(FINE)
    };
    committed!(&database, beds::insert, &wide).unwrap();
    committed!(&database, beds::insert, &fine).unwrap();
    database
}

fn page(limit: i64) -> Page {
    Page {
        limit,
        ..Page::default()
    }
}

async fn found(database: &Database, wanted: Search) -> Vec<Uuid> {
    let client = client(database).await;
    let sort = (Sort::Created, false);
    let listed = beds::search(&client, rows::USER, wanted, sort, &page(10)).await;
    listed.unwrap().rows.into_iter().map(|bed| bed.id).collect()
}

#[tokio::test]
async fn beds_are_found_by_what_is_said_of_them() {
    let database = three().await;
    let everything = Search::default();
    assert_eq!(
        found(&database, everything.clone()).await,
        [BED, WIDE, FINE]
    );
    let named = Search {
        name: Some("fine".to_owned()),
        ..everything.clone()
    };
    assert_eq!(found(&database, named).await, [FINE]);
    let worded = |words: &str| Search {
        text: Some(words.to_owned()),
        ..Search::default()
    };
    assert_eq!(found(&database, worded("cataly supp")).await, [WIDE]);
    assert!(found(&database, worded("?!")).await.is_empty());
    let hers = Search {
        created_by: Some(rows::USER),
        project_id: Some(rows::PROJECT),
        ..everything.clone()
    };
    assert_eq!(found(&database, hers).await, [BED, WIDE]);
    let old = Search {
        created: Range {
            from: None,
            to: Some(now(&database).await - SignedDuration::from_hours(1)),
        },
        ..everything
    };
    assert!(found(&database, old).await.is_empty());
}

#[tokio::test]
async fn beds_are_found_by_the_numbers_of_their_geometry() {
    let database = three().await;
    for (column, from, to, expected) in [
        (Column::TubeDiameter, Some(0.06), None, vec![WIDE]),
        (
            Column::TubeHeight,
            Some(0.1),
            Some(0.1),
            vec![BED, WIDE, FINE],
        ),
        (Column::ParticleDiameter, None, Some(0.002), vec![FINE]),
        (
            Column::ParticleCount,
            Some(99.5),
            Some(100.5),
            vec![BED, WIDE],
        ),
        (Column::ParticleCount, Some(1e300), None, vec![]),
        (
            Column::TubeToParticleRatio,
            Some(15.0),
            Some(25.0),
            vec![WIDE],
        ),
    ] {
        let wanted = Search {
            columns: vec![(column, Range { from, to })],
            ..Search::default()
        };
        assert_eq!(found(&database, wanted).await, expected, "{column:?}");
    }
}

#[tokio::test]
async fn beds_are_found_by_any_parameter_of_their_specification() {
    let database = three().await;
    let velocity = |from, to| {
        (
            "flow",
            "superficial_velocity_m_s",
            Test::Within(Range { from, to }),
        )
    };
    for ((block, field, test), expected) in [
        (
            ("particles", "shape", Test::Is(json!("sphere"))),
            vec![WIDE],
        ),
        (("particles", "shape", Test::Is(json!("ring"))), vec![]),
        (velocity(Some(0.3), Some(0.5)), vec![WIDE]),
        (velocity(Some(0.5), None), vec![]),
        (velocity(None, Some(0.2)), vec![WIDE]),
        (velocity(None, None), vec![BED, WIDE, FINE]),
    ] {
        let wanted = Search {
            conditions: vec![Condition { block, field, test }],
            ..Search::default()
        };
        assert_eq!(found(&database, wanted).await, expected, "{block}.{field}");
    }
}

#[tokio::test]
async fn beds_are_found_by_how_far_they_got() {
    let database = three().await;
    committed!(&database, packings::insert, &rows::packing(PACKING, WIDE)).unwrap();
    committed!(&database, jobs::insert, &rows::packing_job(PACKING, FINE)).unwrap();
    run(
        &database,
        "UPDATE simulations SET status = 'completed', started_at = now(), finished_at = now()",
    )
    .await;
    for (state, expected) in [
        (State::Unpacked, vec![BED, FINE]),
        (State::Packed, vec![WIDE]),
        (State::Simulated, vec![BED]),
        (State::Busy, vec![FINE]),
    ] {
        let wanted = Search {
            state: Some(state),
            ..Search::default()
        };
        assert_eq!(found(&database, wanted).await, expected, "{state:?}");
    }
}

/// Walks the whole list in pages of one.
async fn walked(database: &Database, sort: (Sort, bool)) -> Vec<Uuid> {
    let client = client(database).await;
    let (mut page, mut walked) = (page(1), Vec::new());
    loop {
        let listed = beds::search(&client, rows::USER, Search::default(), sort, &page).await;
        let listed = listed.unwrap();
        walked.extend(listed.rows.iter().map(|bed| bed.id));
        page.after = listed.next;
        if page.after.is_none() {
            return walked;
        }
    }
}

#[tokio::test]
async fn pages_of_any_order_hold_every_bed_once() {
    let database = three().await;
    for (sort, expected) in [
        (Sort::Created, [BED, WIDE, FINE]),
        (Sort::Updated, [BED, WIDE, FINE]),
        (Sort::Name, [BED, FINE, WIDE]),
        (Sort::By(Column::ParticleCount), [BED, WIDE, FINE]),
        (Sort::By(Column::ParticleDiameter), [FINE, BED, WIDE]),
        (Sort::By(Column::TubeDiameter), [BED, FINE, WIDE]),
        (Sort::By(Column::TubeHeight), [BED, WIDE, FINE]),
        (Sort::By(Column::TubeToParticleRatio), [BED, WIDE, FINE]),
    ] {
        assert_eq!(walked(&database, (sort, false)).await, expected, "{sort:?}");
        let backwards: Vec<Uuid> = expected.into_iter().rev().collect();
        assert_eq!(walked(&database, (sort, true)).await, backwards, "{sort:?}");
    }
}

#[tokio::test]
async fn nobody_finds_the_beds_of_a_project_they_are_not_in() {
    let database = three().await;
    let stranger = testkit::another(database.store(), None).await;
    let client = client(&database).await;
    for project_id in [None, Some(rows::PROJECT)] {
        let wanted = Search {
            project_id,
            ..Search::default()
        };
        let sort = (Sort::Created, false);
        let listed = beds::search(&client, stranger, wanted, sort, &page(10)).await;
        assert_eq!(listed.unwrap().rows, []);
    }
}
