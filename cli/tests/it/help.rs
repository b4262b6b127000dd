use crate::leito::Place;

#[test]
fn every_command_shows_an_example_and_the_program_its_exit_codes() {
    let place = Place::new();
    for command in ["demo", "run", "up", "migrate"] {
        let help = String::from_utf8(place.run(&[command, "--help"]).stdout).unwrap();
        assert!(
            help.contains(&format!("leito {command}")) && help.contains("Example"),
            "{help}"
        );
        assert!(help.contains("--json"), "{help}");
    }
    let help = String::from_utf8(place.run(&["--help"]).stdout).unwrap();
    assert!(help.contains("130 interrupted"), "{help}");
}
