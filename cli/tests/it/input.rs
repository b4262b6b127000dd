use crate::leito::{Place, errors};

#[test]
fn a_bed_with_mistakes_is_refused_with_their_places_before_anything_starts() {
    let place = Place::new();
    place.write("odd.bed", "bed odd {\n  geometry { diametre = 5 kg; }\n}\n");
    let refused = place.run(&["run", "odd.bed"]);
    assert_eq!(refused.status.code(), Some(2));
    let told = errors(&refused);
    assert!(told.contains("odd.bed:2:14"), "{told}");
    assert!(told.contains("diameter"), "the hint: {told}");
    assert!(!place.path().join("data").exists(), "nothing was started");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let place = Place::new();
    let refused = place.run(&["run", "nowhere.bed"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(errors(&refused).contains("nowhere.bed"));
}

#[test]
fn without_the_emulator_the_error_says_what_to_do() {
    let place = Place::new();
    let refused = place
        .leito(&["up"])
        .env("LEITO_EMULATOR", "/nowhere/ministack")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(errors(&refused).contains("./dev"), "{}", errors(&refused));
    assert_eq!(place.processes(), Vec::<String>::new());
}
