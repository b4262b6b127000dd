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

/// What Python's `zipfile` finds in an archive.
fn names(zip: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("it.zip"), zip).unwrap();
    let script = "import zipfile\nz = zipfile.ZipFile('it.zip')\nassert z.testzip() is None\n\
        print(*z.namelist(), len({z.read(n) for n in z.namelist()}))";
    let python = std::process::Command::new("python3")
        .args(["-c", script])
        .current_dir(folder.path())
        .output()
        .unwrap();
    String::from_utf8(python.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn all_files_of_a_study_come_in_one_archive_that_is_one_download() {
    let (world, path, _, id) = shared(json!({ "max_downloads": 2 })).await;
    world.file("particles.csv", None).await;
    let study = world.fetch(&path).await.is(200);
    let href = study["archive_href"].as_str().unwrap();
    let mut head = leito_http::testing::get(href);
    *head.method_mut() = axum::http::Method::HEAD;
    let head = leito_http::testing::send(&world.public, head).await;
    assert_eq!(world.downloads(&id).await, 0, "looking takes none");
    let zip = world.fetch(href).await;
    assert_eq!(
        (zip.status.as_u16(), zip.header("content-type")),
        (200, "application/zip")
    );
    assert_eq!(head.header("content-length"), zip.body.len().to_string());
    assert_eq!(zip.header("accept-ranges"), "none");
    assert!(
        zip.header("content-disposition")
            .starts_with("attachment; filename=")
    );
    assert_eq!(names(&zip.body), "a.csv _b_.csv 1");
    assert_eq!(world.downloads(&id).await, 1);
    let again = with(leito_http::testing::get(href), "if-none-match", "*");
    let again = leito_http::testing::send(&world.public, again).await;
    assert_eq!(
        again.status.as_u16(),
        200,
        "where downloads are limited each is whole"
    );
    world.fetch(href).await.is_problem(404, "not_found");
    let recorded = "SELECT count(*) FROM automation_audits WHERE action = 'downloaded' AND meta ->> 'files' = '2'";
    assert_eq!(world.count(recorded).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_come_at_once_for_the_last_archive_one_gets_it() {
    let (world, path, _, id) = shared(json!({ "max_downloads": 1 })).await;
    let href = format!("{path}?archive=zip");
    let answers = futures::future::join_all((0..8).map(|_| world.fetch(&href))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|it| it.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404, 404, 404, 404, 404, 404, 404]);
    assert_eq!(world.downloads(&id).await, 1);
}

#[tokio::test]
async fn the_archive_asks_for_the_password_and_comes_by_the_page_button_too() {
    let (world, path, _, id) = shared(json!({ "password": "sesame" })).await;
    let href = format!("{path}?archive=zip");
    let refused = world.fetch(&href).await;
    refused.is_problem(403, "password_required");
    let wrong = world.submit(&path, "password=open&archive=zip").await;
    wrong.is_problem(403, "wrong_password");
    assert_eq!(world.downloads(&id).await, 0);
    let form = "password=sesame";
    let page = String::from_utf8(world.press(&path, form).await.body).unwrap();
    assert!(page.contains("name=\"archive\" value=\"zip\""), "{page}");
    let zip = world.press(&path, &format!("{form}&archive=zip")).await;
    assert_eq!(names(&zip.body), "a.csv _b_.csv 1");
    assert_eq!(world.downloads(&id).await, 1);
}

#[tokio::test]
async fn the_deployed_service_sends_to_an_archive_in_the_object_store() {
    let world = world_as(leito_http::App::on_lambda).await;
    let simulation = world.simulation().await;
    world.file("a.csv", Some(simulation)).await;
    let terms = json!({ "simulation_id": simulation, "max_downloads": 1 });
    let made = world.share(terms).await;
    let href = format!("{}?archive=zip", made["path"].as_str().unwrap());
    let answer = world.fetch(&href).await;
    assert_eq!(answer.status, 302);
    let zip = reqwest::get(answer.header("location")).await.unwrap();
    assert_eq!(names(&zip.bytes().await.unwrap()), "a.csv 1");
    assert_eq!(
        world.downloads(made["link"]["id"].as_str().unwrap()).await,
        1
    );
}

#[tokio::test]
async fn a_link_to_one_file_has_no_archive() {
    let world = world().await;
    let (path, id) = world.link(json!({})).await;
    let none = world.fetch(&format!("{path}?archive=zip")).await;
    none.is_problem(404, "not_found");
    let tar = world.fetch(&format!("{path}?archive=tar")).await;
    tar.is_problem(400, "invalid_query");
    assert_eq!(world.downloads(&id).await, 0);
}
