use automation::{Fault, Refused, Request, find};
use serde_json::{Value, json};

const ID: &str = "01890000-0000-7000-8000-000000000001";

pub fn spec() -> Value {
    json!({
        "name": "demo",
        "geometry": { "diameter_m": 0.02, "height_m": 0.1 },
        "particles": { "diameter_m": 0.005, "count": 100 },
        "flow": { "velocities_m_s": [0.05], "quality": "draft" },
    })
}

fn read(kind: &str, payload: &Value) -> Result<Request, Refused> {
    find(kind, 1)?.read(payload, &bed::Machine::default())
}

#[track_caller]
fn faults(kind: &str, payload: &Value) -> Vec<Fault> {
    match read(kind, payload) {
        Err(Refused::Payload(faults)) => faults,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn pointers(kind: &str, payload: &Value) -> Vec<String> {
    let faults = faults(kind, payload);
    assert!(faults.iter().all(|fault| !fault.message.is_empty()));
    faults.into_iter().map(|fault| fault.pointer).collect()
}

fn studies(kind: &str, payload: &Value) -> Vec<automation::Study> {
    match read(kind, payload).unwrap() {
        Request::Studies(studies) => studies,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_unknown_kind_is_told_the_kinds_there_are() {
    let refused = find("coffee", 1).unwrap_err();
    assert!(matches!(refused, Refused::UnknownKind { .. }));
    let told = refused.to_string();
    for kind in ["packed-bed-study", "velocity-sweep", "bed-batch", "report"] {
        assert!(told.contains(kind), "{told}");
    }
}

#[test]
fn an_unknown_version_is_told_the_versions_there_are() {
    let refused = find("report", 7).unwrap_err();
    assert_eq!(refused.to_string(), "`report` has no version 7; it has [1]");
}

#[test]
fn a_study_takes_a_bed_as_json_or_as_text() {
    let [of_spec] = &studies("packed-bed-study", &json!({ "spec": spec() }))[..] else {
        panic!("one study")
    };
    assert_eq!(of_spec.bed, of_spec.studied);
    let source = bed::format(&of_spec.bed);
    let [of_source] = &studies("packed-bed-study", &json!({ "source": source }))[..] else {
        panic!("one study")
    };
    assert_eq!(of_source.bed, of_spec.bed);
}

#[test]
fn conditions_change_what_is_studied_and_not_the_bed() {
    let payload = json!({ "spec": spec(), "conditions": { "velocities_m_s": [0.1, 0.2] } });
    let study = studies("packed-bed-study", &payload).remove(0);
    assert_eq!(study.bed.flow.velocities_m_s, [0.05]);
    assert_eq!(study.studied.flow.velocities_m_s, [0.1, 0.2]);
    assert_eq!(study.studied.flow.quality, study.bed.flow.quality);
}

#[test]
fn a_fault_points_at_what_was_sent() {
    let kind = "packed-bed-study";
    assert_eq!(pointers(kind, &json!({})), [""]);
    assert_eq!(pointers(kind, &json!([])), [""]);
    assert_eq!(
        pointers(kind, &json!({ "spec": spec(), "source": "bed" })),
        [""]
    );
    assert_eq!(
        pointers(kind, &json!({ "spec": spec(), "colour": 1 })),
        ["/colour"]
    );
    let mut bad = spec();
    bad["particles"]["count"] = json!(-3);
    bad["geometry"]["width_m"] = json!(1);
    let mut both = pointers(kind, &json!({ "spec": bad }));
    both.sort();
    assert_eq!(both, ["/spec/geometry/width_m", "/spec/particles/count"]);
    let conditions = json!({ "spec": spec(), "conditions": { "velocities_m_s": [0.1, -1.0] } });
    assert_eq!(
        pointers(kind, &conditions),
        ["/conditions/velocities_m_s/1"]
    );
    let stranger = json!({ "spec": spec(), "conditions": { "spin": 1 } });
    assert_eq!(pointers(kind, &stranger), ["/conditions/spin"]);
    let long = json!({ "spec": spec(), "description": "x".repeat(2001) });
    assert_eq!(pointers(kind, &long), ["/description"]);
}

#[test]
fn a_fault_in_text_names_line_and_column() {
    let source = "bed demo {\n  geometry { diameter = 5 kg }\n}";
    let faults = faults("packed-bed-study", &json!({ "source": source }));
    let unit = faults.iter().find(|it| it.column == Some(27)).unwrap();
    assert_eq!((unit.pointer.as_str(), unit.line), ("/source", Some(2)));
}

#[test]
fn a_bed_that_cannot_be_is_refused_where_its_cause_is() {
    let mut bed = spec();
    bed["particles"]["count"] = json!(100_000);
    let faults = pointers("packed-bed-study", &json!({ "spec": bed }));
    assert!(
        faults.iter().all(|it| it.starts_with("/spec")),
        "{faults:?}"
    );
}

#[test]
fn a_batch_points_at_each_bed_and_wants_each_name_once() {
    let mut bad = spec();
    bad["name"] = json!("other");
    bad["particles"]["count"] = json!(0);
    let payload = json!({ "beds": [{ "spec": spec() }, { "spec": bad }, { "spec": spec() }] });
    assert_eq!(
        pointers("bed-batch", &payload),
        ["/beds/1/spec/particles/count", "/beds/2"]
    );
    assert_eq!(pointers("bed-batch", &json!({ "beds": [] })), ["/beds"]);
    let many: Vec<_> = (0..33).map(|_| json!({ "spec": spec() })).collect();
    assert_eq!(pointers("bed-batch", &json!({ "beds": many })), ["/beds"]);
}

#[test]
fn a_sweep_names_a_bed_and_velocities() {
    let sweep = json!({ "bed_id": ID, "velocities_m_s": [0.1, 0.2] });
    assert_eq!(
        read("velocity-sweep", &sweep).unwrap(),
        Request::Sweep {
            bed_id: ID.parse().unwrap(),
            velocities_m_s: vec![0.1, 0.2],
        }
    );
    assert_eq!(
        pointers(
            "velocity-sweep",
            &json!({ "bed_id": "x", "velocities_m_s": [] })
        ),
        ["/bed_id"]
    );
}

#[test]
fn velocities_that_cannot_be_are_refused_where_they_stand() {
    let machine = bed::Machine::default();
    let stored = bed::from_value(&spec()).unwrap();
    let swept = automation::sweep(&stored, &[0.1, 0.2], &machine).unwrap();
    assert_eq!(swept.flow.velocities_m_s, [0.1, 0.2]);
    let refused = |velocities: &[f64]| -> Vec<String> {
        let faults = automation::sweep(&stored, velocities, &machine).unwrap_err();
        faults.into_iter().map(|fault| fault.pointer).collect()
    };
    assert_eq!(refused(&[0.1, -1.0]), ["/velocities_m_s/1"]);
    assert_eq!(refused(&[]), ["/velocities_m_s"]);
}

#[test]
fn a_report_names_each_simulation_once() {
    let twice = json!({ "simulation_ids": [ID, ID] });
    assert_eq!(pointers("report", &twice), ["/simulation_ids/1"]);
    assert_eq!(
        pointers("report", &json!({ "simulation_ids": [] })),
        ["/simulation_ids"]
    );
    assert!(read("report", &json!({ "simulation_ids": [ID] })).is_ok());
}
