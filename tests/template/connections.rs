//! How many connections there can be, against how many there may be: `docs/connections.md` is computed from the template.

use serde_json::Value;
use system_tests::workspace;

use crate::environment::{number, settings};
use crate::expanded::{self, Template, meant};

/// Aurora's own default of `max_connections` by the greatest capacity, from its manual. With a least capacity of half a
/// unit it is at most 2000.
const LIMITS: [(u64, u64); 4] = [(4, 823), (8, 1669), (16, 2000), (32, 2000)];

/// A row of the table.
#[derive(Debug)]
struct Opener {
    name: String,
    instances: u64,
    each: u64,
}

impl Opener {
    fn most(&self) -> u64 {
        self.instances * self.each
    }

    fn row(&self) -> String {
        format!(
            "| {} | {} | {} | {} |",
            self.name,
            self.instances,
            self.each,
            self.most()
        )
    }
}

#[test]
fn the_table_of_connections_is_the_templates() {
    let openers = openers(expanded::main());
    let sum: u64 = openers.iter().map(Opener::most).sum();
    let path = workspace().join("docs/connections.md");
    let document = std::fs::read_to_string(path).unwrap();
    let mut rows: Vec<String> = openers.iter().map(Opener::row).collect();
    rows.push(format!("| together | | | {sum} |"));
    let written: Vec<&str> = document
        .lines()
        .filter(|line| line.starts_with("| ") && line.matches('|').count() == 5)
        .skip(1) // the head
        .collect();
    assert_eq!(
        written,
        rows,
        "docs/connections.md should have these rows:\n{}\n",
        rows.join("\n")
    );
}

#[test]
fn all_connections_fit_what_the_proxy_may_take_of_the_smallest_database() {
    let openers = openers(expanded::main());
    let sum: u64 = openers.iter().map(Opener::most).sum();
    let database = &expanded::all()["infra/database.yaml"];
    let pool = &database.properties("ProxyTargets")["ConnectionPoolConfigurationInfo"];
    let percent = pool["MaxConnectionsPercent"].as_u64().unwrap();
    let sizes = &expanded::main().parameters["DatabaseMaxAcu"]["AllowedValues"];
    for size in sizes.as_array().unwrap() {
        let units = whole(size);
        let limit = LIMITS.iter().find(|(acu, _)| *acu == units);
        let (_, limit) = limit.unwrap_or_else(|| panic!("no limit is known for {units} units"));
        let share = limit * percent / 100;
        assert!(
            sum <= share,
            "{sum} connections, but {share} of {limit} at {units} units"
        );
    }
    let alarm = whole(expanded::all()["infra/watch.yaml"].default("MostConnections"));
    assert!(
        alarm >= sum,
        "the alarm goes off at {alarm}, which {sum} honest connections can pass"
    );
}

/// Numbers of parameters are numbers or their text.
fn whole(value: &Value) -> u64 {
    let text = value.as_str().map(str::to_owned);
    text.unwrap_or_else(|| value.to_string()).parse().unwrap()
}

/// Everything that connects, by name.
fn openers(template: &Template) -> Vec<Opener> {
    let functions = template.of_type("AWS::Lambda::Function");
    let mut all: Vec<Opener> = functions
        .map(|(name, function)| {
            let database = settings(template, function).database;
            Opener {
                name: name.strip_suffix("Function").unwrap().to_owned(),
                instances: instances(template, name, function),
                each: u64::try_from(database.pool_size + database.max_overflow).unwrap(),
            }
        })
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all.extend(workers());
    all
}

/// The workers as services, which open more than packing as a function does.
fn workers() -> Vec<Opener> {
    let (stack, service) = (
        &expanded::all()["infra/workers.yaml"],
        &expanded::all()["infra/service.yaml"],
    );
    let variables = service.properties("Task")["ContainerDefinitions"][0]["Environment"]
        .as_array()
        .unwrap();
    let variable =
        |name: &str| whole(&variables.iter().find(|one| one["Name"] == name).unwrap()["Value"]);
    let each = variable("DB_POOL_SIZE") + variable("DB_MAX_OVERFLOW");
    let services = stack.of_type("AWS::CloudFormation::Stack");
    let mut all: Vec<Opener> = services
        .map(|(_, properties)| {
            let parameters = &properties["Parameters"];
            let most = parameters["MostTasks"]["Ref"].as_str().unwrap();
            Opener {
                name: parameters["Worker"].as_str().unwrap().to_owned(),
                instances: whole(stack.default(most)),
                each,
            }
        })
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// How many instances of a function can run at once: what is reserved for it, or what its queues give it.
fn instances(template: &Template, name: &str, function: &Value) -> u64 {
    if let Some(reserved) = number(&function["ReservedConcurrentExecutions"]) {
        return reserved;
    }
    let sources = template.of_type("AWS::Lambda::EventSourceMapping");
    let mine = sources.filter(|(_, source)| meant(&source["FunctionName"]) == name);
    let most: u64 = mine
        .map(|(_, source)| {
            source["ScalingConfig"]["MaximumConcurrency"]
                .as_u64()
                .unwrap()
        })
        .sum();
    let called_by_deployments = template
        .of_type("Custom::Migration")
        .any(|(_, custom)| meant(&custom["ServiceToken"]) == name);
    let most = most + u64::from(called_by_deployments);
    assert!(most > 0, "nothing bounds how many of {name} run at once");
    most
}
