//! Beds are changed and deleted by those who may.

use serde_json::json;
use store::Error;
use store::access::{Access, Role};
use store::beds::{self, BedUpdate};
use testkit::rows;
use uuid::Uuid;

use crate::setup::*;

fn by(user_id: Uuid, at_least: Role) -> Access {
    Access { user_id, at_least }
}

#[tokio::test]
async fn a_changed_bed_is_a_new_version_of_itself() {
    let database = with_bed().await;
    let new = rows::bed(BED);
    let update = BedUpdate {
        name: "narrow".to_owned(),
        description: "half as wide".to_owned(),
        spec: json!({ "name": "narrow" }),
        spec_hash: "e".repeat(64),
        tube_diameter_m: new.tube_diameter_m / 2.0,
        tube_height_m: new.tube_height_m,
        particle_diameter_m: new.particle_diameter_m,
        particle_count: new.particle_count,
    };
    let first = committed!(&database, beds::lock_for, by(rows::USER, Role::Editor), BED).unwrap();
    let second = committed!(&database, beds::update, BED, &update).unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    assert_eq!(
        (second.name.as_str(), second.tube_diameter_m),
        ("narrow", 0.025)
    );
    let client = client(&database).await;
    let named = beds::find_by_name(&client, rows::PROJECT, "narrow").await;
    // The text of a specification knows no equality, but it is in what a bed says of itself.
    assert_eq!(
        format!("{:?}", named.unwrap()),
        format!("{:?}", Some(second))
    );
    let former = beds::find_by_name(&client, rows::PROJECT, &first.name).await;
    assert!(former.unwrap().is_none());
    let nothing = committed!(&database, beds::update, SIMULATION, &update);
    assert!(
        matches!(nothing, Err(Error::NotFound { .. })),
        "{nothing:?}"
    );
}

#[tokio::test]
async fn only_editors_delete_a_bed_and_only_once() {
    let database = with_bed().await;
    let viewer = testkit::another(database.store(), Some(Role::Viewer)).await;
    let stranger = testkit::another(database.store(), None).await;
    let client = client(&database).await;
    let seen = beds::get_for(&client, by(viewer, Role::Viewer), BED).await;
    assert_eq!(seen.unwrap().id, BED);
    let refused = committed!(
        &database,
        beds::lock_to_delete,
        by(viewer, Role::Editor),
        BED
    );
    let refused = refused.unwrap_err();
    assert!(
        refused.to_string().contains("editors and owners"),
        "{refused}"
    );
    let missing = committed!(
        &database,
        beds::lock_to_delete,
        by(stranger, Role::Editor),
        BED
    );
    assert!(
        matches!(missing, Err(Error::NotFound { .. })),
        "{missing:?}"
    );
    committed!(
        &database,
        beds::lock_to_delete,
        by(rows::USER, Role::Editor),
        BED
    )
    .unwrap();
    committed!(&database, beds::delete, BED).unwrap();
    let again = committed!(&database, beds::delete, BED);
    assert!(matches!(again, Err(Error::NotFound { .. })), "{again:?}");
}
