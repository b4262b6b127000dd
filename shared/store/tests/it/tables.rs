//! What is stored comes back, and what makes no sense is refused.

use serde_json::json;
use store::bed_files::{self, NewFile};
use store::packings::{self, Packing};
use store::results::{self, Quantity};
use store::stage_outputs::{self, StageOutput};
use store::{Error, beds, simulations};
use testkit::rows;
use uuid::Uuid;

use crate::setup::*;

#[tokio::test]
async fn a_bed_comes_back_as_it_was_stored() {
    let database = with_bed().await;
    let bed = beds::get(&client(&database).await, BED).await.unwrap();
    let new = rows::bed(BED);
    let spec: serde_json::Value = serde_json::from_str(bed.spec.get()).unwrap();
    assert_eq!(
        (bed.name, spec, bed.particle_count),
        (new.name, new.spec, new.particle_count)
    );
    assert_eq!(bed.version, 1);
    assert!(matches!(
        beds::get(&client(&database).await, PACKING).await,
        Err(Error::NotFound { .. })
    ));
}

#[tokio::test]
async fn a_particle_wider_than_its_tube_is_refused() {
    let database = testkit::database().await;
    let impossible = beds::NewBed {
        particle_diameter_m: 0.06,
        ..rows::bed(BED)
    };
    assert!(matches!(
        committed!(&database, beds::insert, &impossible),
        Err(Error::Database(_))
    ));
}

#[tokio::test]
async fn the_same_id_twice_is_a_conflict() {
    let database = with_bed().await;
    let conflict = committed!(&database, beds::insert, &rows::bed(BED)).unwrap_err();
    assert!(
        matches!(&conflict, Error::Conflict { constraint, .. } if constraint == "beds_pkey"),
        "{conflict}"
    );
}

fn packing(id: u128, content_hash: &str) -> Packing {
    Packing {
        content_hash: content_hash.to_owned(),
        ..rows::packing(Uuid::from_u128(id), BED)
    }
}

#[tokio::test]
async fn the_same_packing_again_is_the_one_stored_before() {
    let database = with_bed().await;
    let stored = committed!(&database, packings::insert, &packing(10, &"c".repeat(64))).unwrap();
    assert_eq!(stored, packing(10, &"c".repeat(64)));
    let again = committed!(&database, packings::insert, &packing(11, &"c".repeat(64))).unwrap();
    assert_eq!(again.id, stored.id);
    let client = client(&database).await;
    assert_eq!(
        packings::find(&client, stored.id).await.unwrap(),
        Some(stored.clone())
    );
    assert_eq!(packings::list(&client, BED).await.unwrap(), [stored]);
}

#[tokio::test]
async fn the_newest_packing_of_those_inputs_whose_stage_is_stored_is_found() {
    let database = with_bed().await;
    let client = client(&database).await;
    let stage = |key: String| StageOutput {
        key,
        stage: "packing".to_owned(),
        output: json!({ "inside": 100 }),
        files: json!([]),
    };
    for (id, hash, inputs) in [(10, "c", "mine"), (11, "d", "mine"), (12, "e", "other")] {
        let mut packing = packing(id, &hash.repeat(64));
        packing.detail = json!({ "inputs_hash": inputs });
        committed!(&database, packings::insert, &packing).unwrap();
        let stage = stage(hash.repeat(64));
        stage_outputs::publish(&client, &stage).await.unwrap();
    }
    let newest = async || {
        let found = packings::find_stored(&client, BED, "mine").await.unwrap();
        let is_stored = packings::is_stored(&client, BED, "mine").await.unwrap();
        assert_eq!(found.is_some(), is_stored);
        found
    };
    let of = |id, hash: &str| Some((Uuid::from_u128(id), stage(hash.repeat(64))));
    assert_eq!(newest().await, of(11, "d"));
    for (lost, left) in [("d", of(10, "c")), ("c", None)] {
        stage_outputs::forget(&client, &lost.repeat(64))
            .await
            .unwrap();
        assert_eq!(newest().await, left);
    }
}

fn quantity(velocity_index: i32, quantity: &str, uncertainty: Option<f64>) -> Quantity {
    Quantity {
        velocity_index,
        superficial_velocity_m_s: 0.1,
        quantity: quantity.to_owned(),
        value: 12.5,
        unit: "Pa".to_owned(),
        uncertainty,
    }
}

#[tokio::test]
async fn results_come_back_by_velocity_and_name() {
    let database = with_bed().await;
    let all = [
        quantity(1, "a", Some(0.5)),
        quantity(0, "b", None),
        quantity(0, "a", None),
    ];
    committed!(&database, results::insert, SIMULATION, &all).unwrap();
    let stored = results::list(&client(&database).await, SIMULATION)
        .await
        .unwrap();
    assert_eq!(stored, [all[2].clone(), all[1].clone(), all[0].clone()]);
    assert!(matches!(
        committed!(&database, results::insert, SIMULATION, &all),
        Err(Error::Conflict { .. })
    ));
}

#[tokio::test]
async fn a_simulation_keeps_its_packing_and_summary() {
    let database = with_bed().await;
    let packing = committed!(&database, packings::insert, &packing(10, &"c".repeat(64))).unwrap();
    committed!(
        &database,
        simulations::summarise,
        SIMULATION,
        Some(packing.id),
        &json!({ "cells": 7 })
    )
    .unwrap();
    let stored = simulations::list(&client(&database).await, BED)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (stored.packing_id, stored.summary),
        (Some(packing.id), Some(json!({ "cells": 7 })))
    );
    assert_eq!(stored.velocities_m_s, [0.1]);
}

#[tokio::test]
async fn a_simulation_without_a_velocity_is_refused() {
    let database = with_bed().await;
    let none = simulations::NewSimulation {
        velocities_m_s: vec![],
        ..rows::simulation(Uuid::from_u128(9), BED)
    };
    assert!(committed!(&database, simulations::insert, &none).is_err());
}

fn file(id: u128, object_key: &str) -> NewFile {
    NewFile {
        id: Uuid::from_u128(id),
        kind: "particles".to_owned(),
        name: "particles.csv".to_owned(),
        object_key: object_key.to_owned(),
        content_type: "text/csv".to_owned(),
        bytes: 5,
        sha256: "d".repeat(64),
        unpacked: None,
    }
}

#[tokio::test]
async fn a_repeated_job_records_no_file_twice() {
    let database = with_bed().await;
    committed!(
        &database,
        bed_files::insert,
        BED,
        None,
        &[file(10, "a"), file(11, "b")]
    )
    .unwrap();
    committed!(
        &database,
        bed_files::insert,
        BED,
        None,
        &[file(12, "a"), file(13, "b")]
    )
    .unwrap();
    committed!(
        &database,
        bed_files::insert,
        BED,
        Some(SIMULATION),
        &[file(14, "a")]
    )
    .unwrap();
    let client = client(&database).await;
    let all = bed_files::list(&client, BED, None, 10).await.unwrap();
    let ids: Vec<u128> = all.iter().map(|file| file.id.as_u128()).collect();
    assert_eq!(ids, [10, 11, 14]);
    let rest = bed_files::list(&client, BED, Some(all[0].id), 1)
        .await
        .unwrap();
    assert_eq!(rest, [all[1].clone()]);
    assert_eq!(
        bed_files::of_simulation(&client, SIMULATION).await.unwrap(),
        [all[2].clone()]
    );
    assert!(
        bed_files::find(&client, SIMULATION, all[0].id)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        bed_files::get(&client, BED, all[0].id).await.unwrap(),
        all[0]
    );
}

#[tokio::test]
async fn the_first_output_of_a_stage_stays() {
    let database = testkit::database().await;
    let client = client(&database).await;
    let first = StageOutput {
        key: "e".repeat(64),
        stage: "mesh".to_owned(),
        output: json!({ "cells": 1 }),
        files: json!(["a"]),
    };
    let second = StageOutput {
        output: json!({ "cells": 2 }),
        ..first.clone()
    };
    assert!(stage_outputs::publish(&client, &first).await.unwrap());
    assert!(!stage_outputs::publish(&client, &second).await.unwrap());
    assert_eq!(
        stage_outputs::find(&client, &first.key).await.unwrap(),
        Some(first.clone())
    );
    assert!(stage_outputs::forget(&client, &first.key).await.unwrap());
    assert_eq!(
        stage_outputs::find(&client, &first.key).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn deleting_a_bed_takes_everything_of_it_along() {
    let database = with_both_jobs().await;
    run(&database, "DELETE FROM beds").await;
    let client = client(&database).await;
    assert!(store::jobs::find(&client, FLOW).await.unwrap().is_none());
    assert!(
        simulations::find(&client, SIMULATION)
            .await
            .unwrap()
            .is_none()
    );
    assert!(relay(&database).await.is_empty());
}
