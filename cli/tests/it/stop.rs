use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::leito::{Place, signal};

/// Large enough to be still packing when it is stopped.
const LONG: &str = include_str!("long.bed");

#[test]
fn ctrl_c_cancels_the_study_and_stops_engines_and_servers() {
    let place = Place::new();
    place.write("long.bed", LONG);
    let mut run = place
        .leito(&["run", "long.bed"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(run.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let begun = told
        .by_ref()
        .find(|line| line.starts_with("packing: ") && line.contains('%'));
    assert!(begun.is_some(), "Blender is at work");

    signal(&run, "INT");
    let rest: Vec<String> = told.collect();
    assert_eq!(run.wait().unwrap().code(), Some(130), "{rest:?}");
    assert_eq!(place.processes(), Vec::<String>::new(), "{rest:?}");
    assert!(!place.path().join("studies").exists());
}
