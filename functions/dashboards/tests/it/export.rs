use leito_http::testing::{get, send};
use serde_json::{Value, json};

use crate::support::*;

async fn some() -> World {
    let world = world().await;
    let many: Vec<Value> = (0..200)
        .map(|n| {
            let mut metric = metric(n * 7, 1000.0 + 900.0 * (n as f64 / 9.0).sin());
            metric["error_rate"] = json!(0.01 * (n % 40) as f64);
            metric["kind"] = json!(if n % 2 == 0 { "packing" } else { "flow" });
            metric
        })
        .collect();
    world.post(json!({ "metrics": many })).await;
    world
}

#[tokio::test]
async fn a_table_has_a_row_for_each_point() {
    let world = some().await;
    let path = format!("{METRICS}/export.csv?metric=error_rate&range=24h&points=24");
    let answer = send(&world.router, get(&path)).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"metrics.csv\""
    );
    let text = String::from_utf8(answer.body).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "metric,unit,group,name,at,count,min,mean,max,p50,p95,p99"
    );
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert!((10..=24).contains(&rows.len()), "{text}");
    assert!(
        rows.iter()
            .all(|row| row.len() == 12 && row[0] == "error_rate" && row[1] == "1"),
        "{text}"
    );
    let counted: i64 = rows.iter().map(|row| row[5].parse::<i64>().unwrap()).sum();
    assert_eq!(counted, 200);
    let all = send(&world.router, get(&format!("{METRICS}/export.csv"))).await;
    let all = String::from_utf8(all.body).unwrap();
    assert!(
        all.contains("\nprocessing_time_ms,ms,") && !all.contains("\nmemory_usage_mb"),
        "{all}"
    );
}

#[tokio::test]
async fn a_name_like_a_formula_is_no_formula_in_the_table() {
    let world = some().await;
    let client = world.app.store.client().await.unwrap();
    client
        .batch_execute("UPDATE projects SET name = '=HYPERLINK(\"x\")'")
        .await
        .unwrap();
    let path = format!("{METRICS}/export.csv?metric=error_rate&group_by=project&points=2");
    let text = String::from_utf8(send(&world.router, get(&path)).await.body).unwrap();
    assert!(text.contains(",\"'=HYPERLINK(\"\"x\"\")\","), "{text}");
}

/// The document's objects are where its table says.
fn checked(pdf: &[u8]) -> String {
    // one character for each byte, so that places in the text are places in the document
    let letter = |byte: &u8| {
        if byte.is_ascii() {
            char::from(*byte)
        } else {
            '?'
        }
    };
    let text: String = pdf.iter().map(letter).collect();
    assert!(text.starts_with("%PDF-1.") && text.trim_end().ends_with("%%EOF"));
    let start: usize = text
        .rsplit("startxref")
        .next()
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let mut table = text[start..].lines();
    assert_eq!(table.next(), Some("xref"));
    let size: usize = table
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let entries: Vec<&str> = table.take(size).collect();
    for (number, entry) in entries.iter().enumerate().skip(1) {
        let offset: usize = entry.split(' ').next().unwrap().parse().unwrap();
        assert!(
            text[offset..].starts_with(&format!("{number} 0 obj")),
            "object {number}"
        );
    }
    text
}

#[tokio::test]
async fn a_document_holds_a_chart_of_each_number_with_its_labels() {
    let world = some().await;
    let answer = send(
        &world.router,
        get(&format!("{METRICS}/export.pdf?range=24h")),
    )
    .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/pdf")
    );
    let text = checked(&answer.body);
    for label in [
        "(Leito metrics)",
        "(Processing time (processing_time_ms))",
        "(ms)",
        "(MB)",
        "(ratio)",
        "(time (UTC))",
        "(2026-03-30 12:00 to 2026-03-31 12:00 UTC, 200 measured)",
        "(0)",
        "(500)",
        "(2000)",
        "(18:00)",
        "(06:00)",
        "(95th percentile)",
        "(no data: nothing was measured of memory_usage_mb in this time)",
    ] {
        assert!(text.contains(label), "{label}");
    }
    assert_eq!(text.matches("/Type /Page\n").count(), 2);
    let drawn = text.matches(" l\n").count();
    assert!(drawn > 2 * 200, "{drawn} lines");
}

#[tokio::test]
async fn each_kind_has_its_line_and_its_name() {
    let world = some().await;
    let path = format!("{METRICS}/export.pdf?metric=processing_time_ms&group_by=kind&range=7d");
    let text = checked(&send(&world.router, get(&path)).await.body);
    assert!(text.contains("(packing)") && text.contains("(flow)"));
    assert_eq!(text.matches("/Type /Page\n").count(), 1);
}

#[tokio::test]
async fn without_a_metric_the_document_says_so_five_times() {
    let world = world().await;
    for range in ["24h", "all"] {
        let answer = send(
            &world.router,
            get(&format!("{METRICS}/export.pdf?range={range}")),
        )
        .await;
        assert_eq!(checked(&answer.body).matches("(no data: ").count(), 5);
    }
}
