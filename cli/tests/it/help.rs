use crate::leito::Place;

#[test]
fn every_command_shows_an_example_and_the_program_its_exit_codes() {
    let place = Place::new();
    for command in [
        "demo",
        "run",
        "up",
        "serve",
        "migrate",
        "admin",
        "seed",
        "cleanup",
        "cost",
        "stats refresh",
        "backup",
        "restore",
        "job list",
        "job show",
        "job watch",
        "job cancel",
    ] {
        let help = String::from_utf8(
            place
                .run(&[&words(command)[..], &["--help"]].concat())
                .stdout,
        )
        .unwrap();
        assert!(
            help.contains(&format!("leito {command}")) && help.contains("Example"),
            "{help}"
        );
        assert!(help.contains("--json"), "{help}");
    }
    let help = String::from_utf8(place.run(&["--help"]).stdout).unwrap();
    assert!(help.contains("130 interrupted"), "{help}");
}

fn words(command: &str) -> Vec<&str> {
    command.split(' ').collect()
}
