//! `.env.example` at the root names what is read, and nothing else.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use runtime::Settings;

/// The variables of one part of the file: `NAME=value`, commented out or not.
fn documented(part: usize) -> BTreeSet<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env.example");
    let text = std::fs::read_to_string(file).unwrap();
    let part = text.split("# --- ").nth(part).unwrap();
    let names = part.lines().filter_map(|line| {
        let (name, _) = line.trim_start_matches('#').trim().split_once('=')?;
        let plain = |letter: char| letter.is_ascii_uppercase() || letter == '_';
        (!name.is_empty() && name.chars().all(plain)).then(|| name.to_owned())
    });
    names.collect()
}

#[test]
fn the_example_names_every_variable_that_is_read_and_no_other() {
    let read = RefCell::new(BTreeSet::new());
    let lookup = |name: &'static str| {
        read.borrow_mut().insert(name.to_owned());
        Ok(None)
    };
    let nothing = Settings::from_vars(PathBuf::from("/var/tmp/leito"), lookup);
    assert!(nothing.is_err(), "the database is missing");
    assert_eq!(documented(1), read.into_inner());
}

#[test]
fn the_defaults_in_the_example_are_accepted() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env.example");
    let text = std::fs::read_to_string(file).unwrap();
    let value = |name: &str| {
        let start = format!("# {name}=");
        let line = text.lines().find_map(|line| line.strip_prefix(&start));
        line.filter(|value| !value.is_empty())
            .map(ToOwned::to_owned)
    };
    let read = Settings::from_vars(PathBuf::from("/var/tmp/leito"), |name| Ok(value(name)));
    let settings = read.unwrap_or_else(|error| panic!("{error}"));
    let plain = Settings::from_vars(PathBuf::from("/var/tmp/leito"), |name| {
        Ok((name == "DATABASE_URL").then(|| "postgres://leito@127.0.0.1/leito".to_owned()))
    });
    let plain = plain.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(settings.database.pool_size, plain.database.pool_size);
    assert_eq!(settings.database.max_overflow, plain.database.max_overflow);
    assert_eq!(settings.database.recycle, plain.database.recycle);
    assert_eq!(
        (settings.bucket, settings.uploads),
        (plain.bucket, plain.uploads)
    );
    assert_eq!((settings.listen, settings.log), (plain.listen, plain.log));
}
