use automation::report::{Head, Report};
use serde_json::{Value, json};
use uuid::Uuid;

fn result() -> Value {
    json!({
        "simulations": [
            {
                "id": Uuid::from_u128(1), "bed_id": Uuid::from_u128(2), "bed": "demo", "status": "completed",
                "regime": "laminar", "conditions": {},
                "packing": {
                    "id": Uuid::from_u128(3), "packing_seed": 42, "particles_inside": 100, "bed_height_m": 0.039,
                    "bulk_porosity": 0.44, "core_porosity": null, "mean_coordination": 4.25,
                },
                "velocities": [{
                    "superficial_velocity_m_s": 0.002,
                    "quantities": {
                        "pressure_drop_pa": { "value": 1.9, "unit": "Pa", "uncertainty": 0.1 },
                        "pressure_gradient_pa_m": { "value": 53.0, "unit": "Pa/m", "uncertainty": null },
                    },
                    "comparisons": [{
                        "name": "Harrison, Brunner & Hecker 2013", "pressure_gradient_pa_m": 106.0,
                        "in_range": false, "range": "8.3 ≤ N ≤ 50",
                    }],
                }],
            },
            {
                "id": Uuid::from_u128(4), "bed_id": Uuid::from_u128(5), "bed": "other", "status": "failed",
                "regime": "laminar", "conditions": {}, "packing": null, "velocities": [],
            },
        ],
        "files": [],
    })
}

fn report() -> Report {
    let head = Head {
        submission_id: Uuid::from_u128(9),
        kind: "bed-batch".to_owned(),
        version: 1,
        status: "error".to_owned(),
        finished_at: None,
    };
    Report::new(head, &result()).unwrap()
}

#[test]
fn a_report_compares_the_computed_gradient_with_each_correlation() {
    let json = serde_json::to_value(report()).unwrap();
    let at = &json["simulations"][0]["velocities"][0];
    assert_eq!(at["comparisons"][0]["computed_over_predicted"], 0.5);
    assert_eq!(at["quantities"]["pressure_drop_pa"]["value"], 1.9);
    assert_eq!(json["simulations"][1]["status"], "failed");
}

#[test]
fn csv_has_one_number_a_line_and_quotes_what_must_be_quoted() {
    let text = report().csv();
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    let first = Uuid::from_u128(1);
    assert!(lines.contains(
        &format!("demo,{first},completed,0.002,computed,pressure_drop_pa,1.9,Pa,0.1,").as_str()
    ));
    assert!(lines.contains(
        &format!("demo,{first},completed,0.002,\"Harrison, Brunner & Hecker 2013\",pressure_gradient_pa_m,106,Pa/m,,false").as_str()
    ));
    assert!(lines.contains(&format!("other,{},failed,,,,,,,", Uuid::from_u128(4)).as_str()));
    assert_eq!(lines.len(), 1 + 3 + 3 + 1, "{text}");
}

#[test]
fn markdown_holds_every_number() {
    let text = report().markdown();
    for piece in [
        "# bed-batch v1",
        "## demo",
        "### 0.002 m/s",
        "| pressure_drop_pa | 1.9 | Pa | 0.1 |",
        "| Harrison, Brunner & Hecker 2013 | 106 | 0.500 | no | 8.3 ≤ N ≤ 50 |",
        "## other",
    ] {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
}
