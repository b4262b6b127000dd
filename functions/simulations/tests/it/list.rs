use leito_http::testing::{get, send};
use serde_json::Value;
use store::access::Role;
use testkit::rows;
use uuid::Uuid;

use crate::support::{Service, serving};

async fn found(service: &Service, query: &str) -> Value {
    send(
        &service.router,
        get(&format!("/api/v1/simulations?{query}")),
    )
    .await
    .is(200)
}

fn ids(found: &Value) -> Vec<Uuid> {
    let all = found["simulations"].as_array().unwrap();
    all.iter()
        .map(|one| one["id"].as_str().unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn simulations_are_listed_newest_first_and_found_by_bed_status_and_time() {
    let service = serving().await;
    let (one, two) = (service.bed("one").await, service.bed("two").await);
    let first = service.simulation(one).await;
    let second = service.simulation(two).await;
    let third = service.simulation(one).await;
    service.finish(third).await;
    for (query, expected) in [
        (String::new(), vec![third, second, first]),
        ("sort=created_at".to_owned(), vec![first, second, third]),
        (format!("bed_id={one}"), vec![third, first]),
        (format!("bed_id={one}&status=pending"), vec![first]),
        ("status=cancelled".to_owned(), vec![third]),
        (format!("project_id={}&limit=1", rows::PROJECT), vec![third]),
        (format!("project_id={}", Uuid::nil()), vec![]),
        ("created_to=2001-01-01T00:00:00Z".to_owned(), vec![]),
        (
            "created_from=2001-01-01T00:00:00Z&offset=1".to_owned(),
            vec![second, first],
        ),
    ] {
        assert_eq!(ids(&found(&service, &query).await), expected, "{query}");
    }
    let history = send(
        &service.router,
        get(&format!("/api/v1/beds/{one}/simulations")),
    )
    .await
    .is(200);
    assert_eq!(ids(&history), [third, first]);
    assert_eq!(history["simulations"][0]["bed_name"], "one");
    for path in [
        format!("/api/v1/simulations?bed_id={}", Uuid::nil()),
        format!("/api/v1/beds/{}/simulations", Uuid::nil()),
    ] {
        send(&service.router, get(&path))
            .await
            .is_problem(404, "not_found");
    }
}

#[tokio::test]
async fn simulations_are_found_and_sorted_by_any_quantity_velocity_by_velocity() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let one = service.with_results(bed, &[(0.1, 10.0), (0.2, 30.0)]).await;
    let two = service.with_results(bed, &[(0.1, 20.0), (0.2, 40.0)]).await;
    service.simulation(bed).await;
    let values = |found: &Value| -> Vec<f64> {
        let all = found["simulations"].as_array().unwrap();
        all.iter()
            .map(|one| one["result"]["value"].as_f64().unwrap())
            .collect()
    };
    let quantity = "quantity=pressure_gradient_pa_m";
    let all = found(&service, quantity).await;
    assert_eq!(
        (values(&all), ids(&all)),
        (vec![10.0, 20.0, 30.0, 40.0], vec![one, two, one, two])
    );
    let result = &all["simulations"][2]["result"];
    assert_eq!(
        (
            result["superficial_velocity_m_s"].as_f64(),
            result["unit"].as_str(),
            result["uncertainty"].as_f64()
        ),
        (Some(0.2), Some("Pa/m"), Some(3.0))
    );
    for (rest, expected) in [
        ("sort=-value&limit=2", vec![40.0, 30.0]),
        ("min=20&max=30", vec![20.0, 30.0]),
        ("min=41", vec![]),
        (&format!("bed_id={bed}&max=10"), vec![10.0]),
        ("status=completed", vec![]),
    ] {
        assert_eq!(
            values(&found(&service, &format!("{quantity}&{rest}")).await),
            expected,
            "{rest}"
        );
    }
    let mut walked = Vec::new();
    let mut after = String::new();
    loop {
        let page = found(&service, &format!("{quantity}&sort=-value&limit=1{after}")).await;
        walked.extend(values(&page));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(walked, [40.0, 30.0, 20.0, 10.0]);
    assert_eq!(
        found(&service, "quantity=%27%3B--").await["simulations"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[tokio::test]
async fn what_a_search_does_not_know_is_refused() {
    let service = serving().await;
    for query in [
        "limit=0",
        "offset=10001",
        "after=00",
        "sort=value",
        "quantity=x&sort=created_at",
        "min=1",
        "max=NaN&quantity=x",
        "status=done",
        "bed_id=1",
        "created_from=now",
        "unknown=1",
        "quantity=%00",
    ] {
        let answer = send(
            &service.router,
            get(&format!("/api/v1/simulations?{query}")),
        )
        .await;
        answer.is_problem(400, "invalid_query");
    }
}

#[tokio::test]
async fn strangers_find_nothing_and_viewers_everything() {
    let service = serving().await;
    let bed = service.bed("demo").await;
    let id = service.with_results(bed, &[(0.1, 10.0)]).await;
    let viewer = service.for_another(Some(Role::Viewer)).await;
    let stranger = service.for_another(None).await;
    for query in [
        "",
        "?quantity=pressure_gradient_pa_m",
        &format!("?project_id={}", rows::PROJECT),
    ] {
        let path = format!("/api/v1/simulations{query}");
        assert_eq!(ids(&send(&viewer, get(&path)).await.is(200)), [id]);
        assert_eq!(ids(&send(&stranger, get(&path)).await.is(200)).len(), 0);
    }
    let history = format!("/api/v1/beds/{bed}/simulations");
    assert_eq!(ids(&send(&viewer, get(&history)).await.is(200)), [id]);
    send(&stranger, get(&history))
        .await
        .is_problem(404, "not_found");
}
