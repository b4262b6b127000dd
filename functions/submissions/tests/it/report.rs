use leito_http::testing::{get, send};

use crate::support::{path, serving};

#[tokio::test]
async fn a_report_comes_as_json_markdown_and_csv() {
    let service = serving().await;
    let submission = service.study().await;
    let early = send(&service.router, get(&path(&submission, "/report"))).await;
    early.is_problem(409, "conflict");
    service.work(&submission).await;
    let json = send(&service.router, get(&path(&submission, "/report")))
        .await
        .is(200);
    let comparison = &json["simulations"][0]["velocities"][0]["comparisons"][0];
    assert_eq!(comparison["computed_over_predicted"], 0.9);
    for (format, media_type, piece) in [
        (
            "markdown",
            "text/markdown; charset=utf-8",
            "| Ergun 1952 | 100 | 0.900 |",
        ),
        (
            "csv",
            "text/csv; charset=utf-8",
            "pressure_gradient_pa_m,90,Pa/m",
        ),
    ] {
        let path = path(&submission, &format!("/report?format={format}"));
        let answer = send(&service.router, get(&path)).await;
        assert_eq!(answer.header("content-type"), media_type);
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains(piece), "{text}");
    }
    let unknown = path(&submission, "/report?format=pdf");
    let answer = send(&service.router, get(&unknown)).await;
    answer.is_problem(400, "invalid_query");
}
