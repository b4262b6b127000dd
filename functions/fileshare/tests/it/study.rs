use serde_json::json;
use store::results::{self, Quantity};

use crate::support::*;

async fn shared(terms: serde_json::Value) -> (World, String, Vec<uuid::Uuid>, String) {
    let world = world().await;
    let simulation = world.simulation().await;
    let number = Quantity {
        velocity_index: 0,
        superficial_velocity_m_s: 0.1,
        quantity: "pressure_drop_pa".to_owned(),
        value: 12.5,
        unit: "Pa".to_owned(),
        uncertainty: Some(0.5),
    };
    world
        .run(async |tx| results::insert(tx, simulation, &[number]).await.unwrap())
        .await;
    let files = vec![
        world.file("a.csv", Some(simulation)).await,
        world.file("<b>.csv", Some(simulation)).await,
    ];
    let mut body = terms;
    body["simulation_id"] = json!(simulation);
    let made = world.share(body).await;
    let path = made["path"].as_str().unwrap().to_owned();
    let id = made["link"]["id"].as_str().unwrap().to_owned();
    (world, path, files, id)
}

#[tokio::test]
async fn a_program_gets_the_numbers_and_where_each_file_is() {
    let (world, path, files, id) = shared(json!({ "max_downloads": 2 })).await;
    let study = world.fetch(&path).await.is(200);
    assert_eq!(study["results"][0]["value"], 12.5);
    assert_eq!(study["downloads_left"], 2);
    assert_eq!(world.downloads(&id).await, 0);
    let href = study["files"][0]["href"].as_str().unwrap();
    assert_eq!(href, format!("{path}?file={}", files[0]));
    assert_eq!(world.fetch(href).await.body, CONTENT);
    assert_eq!(world.downloads(&id).await, 1);
    let packing = world.file("particles.csv", None).await;
    let other = world.fetch(&format!("{path}?file={packing}")).await;
    other.is_problem(404, "not_found");
}

#[tokio::test]
async fn a_browser_gets_a_page_with_a_button_for_each_file() {
    let (world, path, files, _) = shared(json!({})).await;
    let html = String::from_utf8(world.browse(&path).await.body).unwrap();
    for part in [
        "Pressure drop",
        "12.50 Pa",
        "a.csv",
        "&lt;b&gt;.csv",
        &format!("value=\"{}\"", files[1]),
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert_eq!(
        world.press(&path, &format!("file={}", files[1])).await.body,
        CONTENT
    );
}

#[tokio::test]
async fn the_password_of_a_study_opens_its_page_and_each_file() {
    let (world, path, files, _) = shared(json!({ "password": "open \"sesame\"" })).await;
    let locked = String::from_utf8(world.browse(&path).await.body).unwrap();
    assert!(!locked.contains("a.csv"), "{locked}");
    world
        .fetch(&format!("{path}?file={}", files[0]))
        .await
        .is_problem(403, "password_required");
    let form = "password=open+%22sesame%22";
    let open = String::from_utf8(world.press(&path, form).await.body).unwrap();
    assert!(
        open.contains("a.csv") && open.contains("value=\"open &quot;sesame&quot;\""),
        "{open}"
    );
    assert_eq!(
        world
            .press(&path, &format!("{form}&file={}", files[0]))
            .await
            .body,
        CONTENT
    );
    assert_eq!(
        world.submit(&path, form).await.is(200)["files"][1]["name"],
        "<b>.csv"
    );
}
