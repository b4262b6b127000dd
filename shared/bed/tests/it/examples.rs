//! Every file in `examples/` can be read and planned.

use std::{fs, path::PathBuf};

use bed::{Bed, Machine, parse, plan};

fn examples() -> Vec<(String, Bed)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let bed = parse(&fs::read_to_string(&path).unwrap(), &name);
        (name, bed.unwrap_or_else(|errors| panic!("{errors}")))
    };
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|it| it == "bed"))
        .map(read)
        .collect()
}

#[test]
fn every_example_is_named_like_its_file_and_can_be_planned() {
    let examples = examples();
    assert!(examples.len() >= 4);
    for (file, bed) in examples {
        assert_eq!(file, bed.name);
        plan(&bed, &Machine::default()).unwrap_or_else(|problems| panic!("{file}: {problems:?}"));
    }
}

#[test]
fn the_demo_is_planned_to_take_less_than_150_seconds_on_two_cores() {
    let (_, demo) = examples()
        .into_iter()
        .find(|(name, _)| name == "demo")
        .unwrap();
    let plan = plan(&demo, &Machine::default()).unwrap();
    assert_eq!(plan.particle_count, 100);
    assert!(plan.minutes * 60.0 < 150.0, "{plan:?}");
}
