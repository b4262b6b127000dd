use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::leito::{Place, errors, signal};

const SMALL: &str = include_str!("small.bed");

#[test]
fn a_study_on_a_running_system_gives_a_number_and_again_the_same() {
    let place = Place::new();
    place.write("small.bed", SMALL);
    let (mut up, address) = up(&place);

    let second = place.run(&["up", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(
        errors(&second).contains(&up.id().to_string()),
        "names who has the folder: {}",
        errors(&second)
    );

    let first = study(&place);
    assert!(
        first["verdicts"][0]["converged"].as_bool().unwrap(),
        "{first}"
    );
    assert_eq!(first["simulation"]["packing"]["particles_inside"], 40);
    let files = first["files"].as_array().unwrap();
    let named = |name: &str| {
        files
            .iter()
            .any(|file| file.as_str().unwrap().ends_with(name))
    };
    assert!(named("particles.csv") && named(".glb"), "{files:?}");

    let again = study(&place);
    assert_eq!(
        again["simulation"]["results"],
        first["simulation"]["results"]
    );
    assert_ne!(
        again["folder"], first["folder"],
        "the first files are left alone"
    );

    place.write("small.bed", &SMALL.replace("count = 40", "count = 39"));
    let changed = study(&place);
    assert_eq!(
        changed["simulation"]["packing"]["particles_inside"], 39,
        "a changed file is the same bed, changed"
    );
    assert_eq!(
        changed["simulation"]["bed_id"],
        first["simulation"]["bed_id"]
    );

    signal(&up, "TERM");
    assert!(up.wait().unwrap().success());
    assert_eq!(place.processes(), Vec::<String>::new());
    assert!(std::net::TcpStream::connect(address.trim_start_matches("http://")).is_err());
}

/// Starts `leito up` and waits for its address.
pub fn up(place: &Place) -> (Child, String) {
    let mut up = place
        .leito(&["up", "--listen", "127.0.0.1:0", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(up.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    (up, told["address"].as_str().unwrap().to_owned())
}

fn study(place: &Place) -> Value {
    let done = place.run(&["run", "small.bed", "--json"]);
    assert!(done.status.success(), "{}", errors(&done));
    serde_json::from_slice(&done.stdout).unwrap()
}
