//! Simulations: found and compared by what came of them, and what is asked about their jobs.

use job::{Kind, Status};
use serde_json::json;
use store::access::{Access, Role};
use store::list::{KeyKind, Page, Range};
use store::results::{self, Quantity};
use store::simulations::{self, Search, WantedQuantity};
use store::{Error, job_events, jobs, stage_outputs};
use testkit::{Database, rows};
use uuid::Uuid;

use crate::setup::*;

const OTHER: Uuid = Uuid::from_u128(71);

fn drop_of(velocity_index: i32, value: f64) -> Quantity {
    Quantity {
        velocity_index,
        superficial_velocity_m_s: 0.1 * f64::from(velocity_index + 1),
        quantity: "pressure_drop_pa".to_owned(),
        value,
        unit: "Pa".to_owned(),
        uncertainty: None,
    }
}

/// Two simulations, the first with results at two velocities.
async fn two() -> Database {
    let database = with_bed().await;
    let other = rows::simulation(OTHER, BED);
    committed!(&database, simulations::insert, &other).unwrap();
    let both = [drop_of(0, 2.0), drop_of(1, 5.0)];
    committed!(&database, results::insert, SIMULATION, &both).unwrap();
    database
}

fn page(limit: i64) -> Page {
    Page {
        limit,
        ..Page::default()
    }
}

#[tokio::test]
async fn simulations_are_found_by_what_they_are_of() {
    let database = two().await;
    run(
        &database,
        &format!(
            "UPDATE simulations SET status = 'failed', finished_at = now() WHERE id = '{OTHER}'"
        ),
    )
    .await;
    let client = client(&database).await;
    let found = async |wanted| {
        let listed = simulations::search(&client, rows::USER, wanted, false, &page(10)).await;
        let rows = listed.unwrap().rows;
        assert!(rows.iter().all(|one| one.result.is_none()));
        rows.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    let of = |bed_id, status: Option<&str>| Search {
        bed_id,
        status: status.map(ToOwned::to_owned),
        ..Search::default()
    };
    assert_eq!(found(of(Some(BED), None)).await, [SIMULATION, OTHER]);
    assert_eq!(found(of(None, Some("failed"))).await, [OTHER]);
    assert!(found(of(Some(OTHER), None)).await.is_empty());
}

#[tokio::test]
async fn a_list_by_a_quantity_is_walked_velocity_by_velocity() {
    let database = two().await;
    let client = client(&database).await;
    assert_eq!(simulations::sort_kind(true), KeyKind::Real);
    let wanted = |from| Search {
        quantity: Some(WantedQuantity {
            name: "pressure_drop_pa".to_owned(),
            range: Range { from, to: None },
        }),
        ..Search::default()
    };
    let (mut page, mut drops) = (page(1), Vec::new());
    loop {
        let listed = simulations::search(&client, rows::USER, wanted(None), true, &page).await;
        let listed = listed.unwrap();
        drops.extend(listed.rows.into_iter().map(|one| one.result.unwrap().value));
        page.after = listed.next;
        if page.after.is_none() {
            break;
        }
    }
    assert_eq!(drops, [5.0, 2.0]);
    let high = simulations::search(&client, rows::USER, wanted(Some(3.0)), true, &page).await;
    assert_eq!(high.unwrap().rows[0].result, Some(drop_of(1, 5.0)));
}

#[tokio::test]
async fn simulations_are_compared_in_the_order_asked_for() {
    let database = two().await;
    let client = client(&database).await;
    let ids = [OTHER, SIMULATION, Uuid::nil()];
    let compared = simulations::compare(&client, rows::USER, &ids)
        .await
        .unwrap();
    let found: Vec<_> = compared
        .iter()
        .map(|one| (one.id, one.results.len()))
        .collect();
    assert_eq!(found, [(OTHER, 0), (SIMULATION, 2)]);
    assert_eq!(compared[1].results[1], drop_of(1, 5.0));
    assert_eq!(compared[1].bed_name, rows::bed(BED).name);
    let stranger = testkit::another(database.store(), None).await;
    let hidden = simulations::compare(&client, stranger, &ids).await.unwrap();
    assert_eq!(hidden, []);
}

#[tokio::test]
async fn a_simulation_is_summarised_and_deleted_by_those_who_may() {
    let database = two().await;
    let summary = json!({ "model_accuracy": 0.9 });
    committed!(
        &database,
        simulations::summarise,
        SIMULATION,
        None,
        &summary
    )
    .unwrap();
    let by = |user_id, at_least| Access { user_id, at_least };
    let viewer = testkit::another(database.store(), Some(Role::Viewer)).await;
    let client = client(&database).await;
    let seen = simulations::get_for(&client, by(viewer, Role::Viewer), SIMULATION).await;
    assert_eq!(seen.unwrap().summary, Some(summary.clone()));
    let editor = by(viewer, Role::Editor);
    let refused = committed!(&database, simulations::lock_to_delete, editor, SIMULATION);
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
    let hers = by(rows::USER, Role::Editor);
    committed!(&database, simulations::lock_to_delete, hers, SIMULATION).unwrap();
    committed!(&database, simulations::delete, SIMULATION).unwrap();
    let left = simulations::list(&client, BED).await.unwrap();
    assert_eq!(left.iter().map(|one| one.id).collect::<Vec<_>>(), [OTHER]);
    for missing in [
        committed!(&database, simulations::delete, SIMULATION),
        committed!(
            &database,
            simulations::summarise,
            SIMULATION,
            None,
            &summary
        ),
        simulations::get(&client, SIMULATION).await.map(|_| ()),
        simulations::get_for(&client, hers, SIMULATION)
            .await
            .map(|_| ()),
    ] {
        assert!(
            matches!(missing, Err(Error::NotFound { .. })),
            "{missing:?}"
        );
    }
}

#[tokio::test]
async fn jobs_are_found_by_kind_state_bed_and_person() {
    let database = with_both_jobs().await;
    won(&database, PACKING, 10).await;
    let client = client(&database).await;
    let found = async |wanted| {
        let listed = jobs::search(&client, rows::USER, wanted, true, &page(10)).await;
        let rows = listed.unwrap().rows;
        rows.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    let all = jobs::Search::default();
    let flows = jobs::Search {
        kind: Some(Kind::Flow),
        created_by: Some(rows::USER),
        ..all
    };
    assert_eq!(found(flows).await, [FLOW]);
    let running = jobs::Search {
        status: Some(Status::Running),
        bed_id: Some(BED),
        ..all
    };
    assert_eq!(found(running).await, [PACKING]);
    let unfinished = jobs::unfinished_of_bed(&client, BED).await.unwrap();
    let unfinished: Vec<_> = unfinished.into_iter().map(|one| one.id).collect();
    assert_eq!(unfinished, [FLOW, PACKING]);
    let of_simulation = jobs::of_simulation(&client, SIMULATION).await.unwrap();
    assert_eq!(of_simulation[0].id, FLOW);
}

#[tokio::test]
async fn a_job_is_seen_by_the_project_alone() {
    let database = with_job().await;
    let client = client(&database).await;
    let by = |user_id, at_least| Access { user_id, at_least };
    let viewer = testkit::another(database.store(), Some(Role::Viewer)).await;
    let stranger = testkit::another(database.store(), None).await;
    let seen = jobs::get_for(&client, by(viewer, Role::Viewer), PACKING).await;
    assert_eq!(seen.unwrap().id, PACKING);
    let refused = jobs::get_for(&client, by(viewer, Role::Owner), PACKING).await;
    let refused = refused.unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("only owners of the project"),
        "{refused}"
    );
    for id in [PACKING, Uuid::nil()] {
        let missing = jobs::get_for(&client, by(stranger, Role::Viewer), id).await;
        assert!(
            matches!(missing, Err(Error::NotFound { .. })),
            "{missing:?}"
        );
    }
}

#[tokio::test]
async fn a_queued_job_knows_how_many_are_before_it_and_a_running_one_how_long_it_took() {
    let database = with_job().await;
    let second = rows::packing_job(Uuid::from_u128(81), BED);
    committed!(&database, jobs::insert, &second).unwrap();
    let client = client(&database).await;
    let standing = async |id| jobs::standing(&client, id).await.unwrap();
    assert_eq!(standing(PACKING).await.jobs_ahead, Some(0));
    assert_eq!(standing(second.id).await.jobs_ahead, Some(1));
    won(&database, PACKING, 10).await;
    run(
        &database,
        "UPDATE job_events SET at = at - interval '1 hour' WHERE kind = 'claimed'",
    )
    .await;
    let running = standing(PACKING).await;
    assert_eq!(running.jobs_ahead, None);
    assert!(running.running_s >= 3600.0, "{running:?}");
    assert_eq!(standing(second.id).await.jobs_ahead, Some(0));
    let nobody = jobs::standing(&client, Uuid::nil()).await;
    assert!(matches!(nobody, Err(Error::NotFound { .. })), "{nobody:?}");
}

#[tokio::test]
async fn the_end_of_a_history_and_the_last_stage_are_found_without_the_rest() {
    let database = with_job().await;
    let claimed = won(&database, PACKING, 10).await;
    let client = client(&database).await;
    let last_stage = async || job_events::last_stage(&client, PACKING).await.unwrap();
    assert_eq!(last_stage().await, None);
    let stage = stage_outputs::StageOutput {
        key: "c".repeat(64),
        stage: "packing".to_owned(),
        output: json!({ "inside": 100 }),
        files: json!([]),
    };
    stage_outputs::publish(&client, &stage).await.unwrap();
    run(
        &database,
        &format!(
            "INSERT INTO job_events (job_id, seq, kind, data)
             VALUES ('{PACKING}', 3, 'stage_finished', '{{\"stage\": \"packing\", \"key\": \"{}\"}}')",
            stage.key
        ),
    )
    .await;
    assert_eq!(claimed.job.id, PACKING);
    assert_eq!(last_stage().await, Some(stage));
    let last = job_events::last(&client, PACKING, 2).await.unwrap();
    let last: Vec<_> = last.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(last, ["claimed", "stage_finished"]);
}
