use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;

use crate::leito::{Services, within};
use crate::podman::{Container, run};

/// Thirty spheres, three diameters wide, in water; enough cells for two ranks.
fn small() -> Value {
    json!({
        "name": "small",
        "geometry": { "diameter_m": 0.015, "height_m": 0.06 },
        "particles": { "diameter_m": 0.005, "count": 30 },
        "flow": {
            "fluid_density_kg_m3": 998.0,
            "fluid_viscosity_pa_s": 1e-3,
            "velocities_m_s": [0.001],
            "cells_per_diameter": 8.0,
            "surface_level": 0,
            "porosity_tolerance": 0.1,
            "convergence": 1e-5,
            "write_fields": false,
        },
        "export": { "formats": ["stl"] },
    })
}

#[tokio::test]
#[ignore = "needs container images; ./dev images builds them and runs it"]
async fn a_study_is_done_inside_the_containers_and_goes_on_after_its_worker_was_told_to_stop() {
    let services = Services::start().await;
    let migrated = run("leito/serve", &services.variables, &["migrate"]).await;
    assert_eq!(migrated.code, Some(0), "{}", migrated.said);
    let served = services.serve().await;
    assert_eq!(served.refusal("/beds").await, 401);
    let api = served.registered("ada@example.org").await;
    let study = api.study(&small()).await;

    let packer = Container::start("leito/bed-packer", &services.variables, &[]);
    let packed = api.end_of(study.packing.as_ref().unwrap()).await;
    assert_eq!(packed["status"], "completed", "{packed}");
    assert_eq!(packer.stop().await.code, Some(0));

    let solver = Container::start("leito/flow-solver", &services.variables, &[]);
    api.works_on(&study.flow, "solving").await;
    let stopped = solver.stop().await;
    assert_eq!(stopped.code, Some(0), "{}", stopped.said);
    let given_back = api.job(&study.flow).await;
    assert_eq!(given_back["status"], "queued", "{given_back}");

    let solver = Container::start("leito/flow-solver", &services.variables, &[]);
    let solved = api.end_of(&study.flow).await;
    assert_eq!(solved["status"], "completed", "{solved}");
    assert_eq!(solved["attempt"], 1, "the interrupted one does not count");
    let history = api.history(&study.flow).await;
    for event in ["interrupted", "reused mesh"] {
        assert!(history.iter().any(|one| one == event), "{history:?}");
    }
    let simulation = api.simulation(&study).await;
    assert_eq!(simulation["results"].as_array().unwrap().len(), 1);
    let files = api.get(&format!("/beds/{}/files", study.bed)).await;
    let pictures = files["files"].as_array().unwrap().iter();
    let pictures = pictures.filter(|file| file["kind"] == "picture").count();
    assert!(pictures > 0, "{files}");

    assert_eq!(solver.stop().await.code, Some(0));
    assert_eq!(served.container.stop().await.code, Some(0));
    services.stop().await;
}

#[tokio::test]
#[ignore = "needs container images; ./dev images builds them and runs it"]
async fn a_system_of_accounts_has_no_account_but_those_that_people_make() {
    let services = Services::start().await;
    run("leito/serve", &services.variables, &["migrate"]).await;
    let served = services.serve().await;
    let api = served.registered("ada@example.org").await;
    let named = run(
        "leito/serve",
        &services.with_secret(),
        &["admin", "ada@example.org", "--env"],
    )
    .await;
    assert_eq!(named.code, Some(0), "{}", named.said);
    let accounts = api.get("/accounts").await;
    let emails: Vec<&Value> = accounts["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| &account["email"])
        .collect();
    assert_eq!(emails, ["ada@example.org"], "{accounts}");
    assert_eq!(served.container.stop().await.code, Some(0));
    services.stop().await;
}

#[tokio::test]
#[ignore = "needs container images; ./dev images builds them and runs it"]
async fn a_container_that_is_told_too_little_says_all_that_is_missing_and_ends() {
    let told = run("leito/serve", &[], &[]).await;
    assert_eq!(told.code, Some(1));
    for name in ["DATABASE_URL", "LEITO_TOKEN_SECRET", "LEITO_FLOW_QUEUE_URL"] {
        assert!(told.said.contains(name), "{}", told.said);
    }
}

#[tokio::test]
#[ignore = "needs container images; ./dev images builds them and runs it"]
async fn the_packers_image_asks_lambda_for_work_where_lambda_started_it() {
    let lambda = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = lambda.local_addr().unwrap().to_string();
    let services = Services::start().await;
    let mut variables = services.variables.clone();
    for (name, value) in [
        ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
        ("AWS_LAMBDA_FUNCTION_NAME", "bed-packer"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "2048"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "test"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "test"),
    ] {
        variables.push((name.to_owned(), value.to_owned()));
    }
    let _packer = Container::start("leito/bed-packer", &variables, &[]);
    let (asking, _) = within(lambda.accept()).await.unwrap();
    let first = within(BufReader::new(asking).lines().next_line()).await;
    assert_eq!(
        first.unwrap().unwrap(),
        "GET /2018-06-01/runtime/invocation/next HTTP/1.1"
    );
    services.stop().await;
}
