use std::path::PathBuf;

use runtime::{Error, Malformed, Settings};

const DATABASE: (&str, &str) = ("DATABASE_URL", "postgres://leito:secret@127.0.0.1/leito");

fn read(vars: &[(&str, &str)]) -> Result<Settings, Vec<Malformed>> {
    let lookup = |name| {
        Ok(vars
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned()))
    };
    Settings::from_vars(PathBuf::from("/var/tmp/leito"), lookup).map_err(|error| match error {
        Error::Environment(problems) => problems,
        Error::TelemetryTwice => panic!("telemetry is not read here"),
    })
}

fn refused(variable: &str, value: &str) -> String {
    let vars = if variable == "DATABASE_URL" {
        vec![(variable, value)]
    } else {
        vec![DATABASE, (variable, value)]
    };
    let problems = read(&vars)
        .err()
        .unwrap_or_else(|| panic!("{variable}={value} was accepted"));
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].to_string()
}

#[test]
fn a_database_is_all_that_must_be_said() {
    let settings = read(&[DATABASE]).unwrap();
    assert_eq!(settings.bucket, "leito-artifacts");
    assert_eq!(
        (settings.database.pool_size, settings.database.max_overflow),
        (10, 20)
    );
    assert_eq!(settings.database.recycle.as_secs(), 3600);
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert!(settings.queues.is_none() && settings.endpoint_url.is_none() && !settings.on_lambda);
    assert!(settings.machine.cores >= 1);
}

#[test]
fn a_lambda_instance_keeps_one_connection_and_plans_for_the_workers() {
    let settings = read(&[DATABASE, ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")]).unwrap();
    assert!(settings.on_lambda);
    assert_eq!(
        (settings.database.pool_size, settings.database.max_overflow),
        (1, 0)
    );
    assert_eq!(settings.machine, runtime::Machine::CLOUD_WORKER);
}

#[test]
fn what_is_said_is_used() {
    let settings = read(&[
        DATABASE,
        ("LEITO_BUCKET", "studies"),
        ("LEITO_CORES", "3"),
        ("LEITO_MEMORY_MB", "4096"),
        ("LEITO_LISTEN", "[::1]:9000"),
        (
            "LEITO_PACKING_QUEUE_URL",
            "http://127.0.0.1:4566/000000000000/leito-packing",
        ),
        (
            "LEITO_FLOW_QUEUE_URL",
            "http://127.0.0.1:4566/000000000000/leito-flow",
        ),
    ])
    .unwrap();
    assert_eq!(settings.bucket, "studies");
    assert_eq!(
        (settings.machine.cores, settings.machine.memory_mb),
        (3, 4096)
    );
    assert_eq!(settings.listen.port(), 9000);
    assert!(settings.queues.unwrap().flow_url.ends_with("leito-flow"));
}

#[test]
fn each_malformed_variable_is_refused_by_its_name() {
    for (variable, value) in [
        ("DATABASE_URL", "mysql://127.0.0.1/leito"),
        ("DATABASE_URL", "  "),
        ("DB_POOL_SIZE", "0"),
        ("DB_POOL_SIZE", "ten"),
        ("DB_MAX_OVERFLOW", "-1"),
        ("DB_POOL_RECYCLE", "1h"),
        ("AWS_ENDPOINT_URL", "127.0.0.1:4566"),
        ("AWS_ENDPOINT_URL", "http://"),
        ("LEITO_BUCKET", "My Bucket"),
        ("LEITO_CORES", "0"),
        ("LEITO_MEMORY_MB", "1"),
        ("UPLOAD_MAX_SIZE", "0"),
        ("UPLOAD_MAX_SIZE", "1 GB"),
        ("UPLOAD_CHUNK_SIZE", "5242879"),
        ("LEITO_WORK_DIR", "relative/folder"),
        ("LEITO_LISTEN", "8080"),
        ("LEITO_LOG", "leito=shouting"),
    ] {
        let message = refused(variable, value);
        assert!(message.starts_with(variable), "{message}");
    }
}

#[test]
fn uploads_are_bounded_and_their_largest_file_fits_into_ten_thousand_parts() {
    let uploads = read(&[DATABASE]).unwrap().uploads;
    assert_eq!(
        (uploads.max_bytes, uploads.chunk_bytes),
        (1 << 30, 16 << 20)
    );
    let smallest = ("UPLOAD_CHUNK_SIZE", "5242880");
    let fits = read(&[DATABASE, smallest, ("UPLOAD_MAX_SIZE", "52428800000")]);
    assert_eq!(fits.unwrap().uploads.chunk_bytes, 5 << 20);
    let problems = read(&[DATABASE, smallest, ("UPLOAD_MAX_SIZE", "52428800001")])
        .err()
        .unwrap();
    assert_eq!(
        problems[0].to_string(),
        "UPLOAD_CHUNK_SIZE is too small for UPLOAD_MAX_SIZE: a file of that size needs 10000 parts of 5242881 bytes"
    );
}

#[test]
fn an_address_other_machines_could_reach_is_refused() {
    assert!(refused("LEITO_LISTEN", "0.0.0.0:8080").contains("only loopback"));
}

#[test]
fn a_missing_database_is_told() {
    assert_eq!(
        read(&[]).err().unwrap()[0].to_string(),
        "DATABASE_URL is missing: where is Postgres?"
    );
}

#[test]
fn queue_addresses_must_agree_with_each_other() {
    let one = refused("LEITO_PACKING_QUEUE_URL", "http://127.0.0.1:4566/q");
    assert_eq!(
        one,
        "LEITO_FLOW_QUEUE_URL is missing although LEITO_PACKING_QUEUE_URL is set"
    );
    let same = "http://127.0.0.1:4566/q";
    let problems = read(&[
        DATABASE,
        ("LEITO_PACKING_QUEUE_URL", same),
        ("LEITO_FLOW_QUEUE_URL", same),
    ])
    .err()
    .unwrap();
    assert!(
        problems[0].to_string().contains("is the same queue as"),
        "{problems:?}"
    );
}

#[test]
fn all_mistakes_are_told_in_one_go_without_the_password() {
    let vars = [
        ("DATABASE_URL", "leito:secret@host"),
        ("DB_POOL_SIZE", "x"),
        ("LEITO_BUCKET", "?"),
    ];
    let problems = read(&vars).err().unwrap();
    let names: Vec<_> = problems.iter().map(|problem| problem.variable).collect();
    assert_eq!(names, ["DATABASE_URL", "DB_POOL_SIZE", "LEITO_BUCKET"]);
    assert!(!Error::Environment(problems).to_string().contains("secret"));
}

#[test]
fn a_whole_system_is_told_of_everything_that_is_missing_in_one_go() {
    let elsewhere = ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    let packing = ("LEITO_PACKING_QUEUE_URL", "http://127.0.0.1:4566/packing");
    let missing = |vars: &[(&str, &str)]| {
        let lookup = |name| {
            let found = vars.iter().find(|(known, _)| *known == name);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        };
        match Settings::whole_from_vars(PathBuf::from("/var/tmp/leito"), lookup) {
            Ok(_) => Vec::new(),
            Err(Error::Environment(problems)) => problems.iter().map(|one| one.variable).collect(),
            Err(error) => panic!("{error}"),
        }
    };
    let on_aws = [
        "DATABASE_URL",
        "LEITO_TOKEN_SECRET",
        "LEITO_PACKING_QUEUE_URL",
        "LEITO_FLOW_QUEUE_URL",
        "AWS_REGION",
    ];
    assert_eq!(missing(&[]), on_aws);
    let half = [
        DATABASE,
        elsewhere,
        packing,
        ("LEITO_TOKEN_SECRET", "short"),
    ];
    assert_eq!(
        missing(&half),
        [
            "LEITO_FLOW_QUEUE_URL",
            "LEITO_TOKEN_SECRET",
            "AWS_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY"
        ]
    );
    let all = [
        DATABASE,
        ("LEITO_TOKEN_SECRET", "a secret of at least 32 characters"),
        packing,
        ("LEITO_FLOW_QUEUE_URL", "http://127.0.0.1:4566/flow"),
        ("AWS_DEFAULT_REGION", "eu-west-1"),
    ];
    assert_eq!(missing(&all), Vec::<&str>::new());
}
