//! Who may do what.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use system_tests::workspace;

use crate::crates::{Unit, units};
use crate::expanded::{self, Template, each, meant};

#[test]
fn each_function_may_do_what_its_crate_says_and_nothing_more() {
    let granted = granted(expanded::main());
    let units = units();
    let titles: BTreeSet<String> = units.iter().map(Unit::title).collect();
    for owner in granted.keys() {
        assert!(titles.contains(owner), "a policy of no function: {owner}");
    }
    for unit in units {
        let granted = granted.get(&unit.title()).cloned().unwrap_or_default();
        let beyond: Vec<_> = granted.difference(&unit.needs).collect();
        let missing: Vec<_> = unit.needs.difference(&granted).collect();
        assert!(
            beyond.is_empty() && missing.is_empty(),
            "{}: its policy allows {beyond:?} that functions/{}/Cargo.toml does not ask for, and lacks {missing:?}",
            unit.title(),
            unit.name
        );
    }
}

/// `<action> <resource>` for each owner, from the policies named after it.
fn granted(template: &Template) -> BTreeMap<String, BTreeSet<String>> {
    let inline = template.of_type("AWS::IAM::Policy");
    let managed = template.of_type("AWS::IAM::ManagedPolicy");
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, policy) in inline.chain(managed) {
        let Some(owner) = name.strip_suffix("Policy") else {
            continue;
        };
        for role in each(&policy["Roles"]) {
            assert_eq!(meant(role), format!("{owner}Role"), "{name}");
        }
        let rights = all.entry(owner.to_owned()).or_default();
        for statement in each(&policy["PolicyDocument"]["Statement"]) {
            rights.extend(allowed(statement));
        }
    }
    all
}

fn allowed(statement: &Value) -> Vec<String> {
    assert_eq!(statement["Effect"], "Allow", "{statement}");
    let resources = each(&statement["Resource"]);
    let pairs = resources.iter().flat_map(|resource| {
        let actions = each(&statement["Action"]);
        actions
            .into_iter()
            .map(|action| format!("{} {}", action.as_str().unwrap(), meant(resource)))
    });
    pairs.collect()
}

#[test]
fn each_function_has_a_role_and_a_log_of_its_own() {
    let template = expanded::main();
    let deployed: BTreeSet<String> = template
        .of_type("AWS::Lambda::Function")
        .map(|(name, _)| name.strip_suffix("Function").unwrap().to_owned())
        .collect();
    let units = units();
    let wanted = units
        .iter()
        .filter(|unit| !unit.is_worker())
        .map(Unit::title);
    let missing: Vec<String> = wanted.filter(|title| !deployed.contains(title)).collect();
    assert!(missing.is_empty(), "not in the template: {missing:?}");
    for title in deployed {
        let function = template.properties(&format!("{title}Function"));
        assert_eq!(meant(&function["Role"]), format!("{title}Role"));
        assert_eq!(
            meant(&function["LoggingConfig"]["LogGroup"]),
            format!("{title}Log")
        );
        let log = template.properties(&format!("{title}Log"));
        assert!(!log["RetentionInDays"].is_null(), "{title}");
        writes_its_log_only(&title, template.properties(&format!("{title}Role")));
    }
}

fn writes_its_log_only(title: &str, role: &Value) {
    let who = &role["AssumeRolePolicyDocument"]["Statement"];
    assert_eq!(
        who[0]["Principal"],
        json!({ "Service": "lambda.amazonaws.com" })
    );
    let managed = json!({ "Fn::If": ["OwnDatabase", [{ "Ref": "LiveInTheNetwork" }], []] });
    assert_eq!(role["ManagedPolicyArns"], managed, "{title}");
    let policies = role["Policies"].as_array().unwrap();
    let statements = &policies[0]["PolicyDocument"]["Statement"];
    assert_eq!((policies.len(), each(statements).len()), (1, 1), "{title}");
    assert_eq!(
        statements[0]["Action"],
        json!(["logs:CreateLogStream", "logs:PutLogEvents"])
    );
    let log = statements[0]["Resource"]["Fn::Sub"].as_str().unwrap();
    assert!(
        log.ends_with(&format!(":log-group:/${{AWS::StackName}}/{title}:*")),
        "{log}"
    );
}

#[test]
fn whatever_is_allowed_or_refused_in_general_says_why() {
    for path in expanded::paths() {
        let text = std::fs::read_to_string(workspace().join(&path)).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line
                .split(" #")
                .next()
                .unwrap()
                .trim_end()
                .trim_end_matches(['"', '\'']);
            let everything = code.ends_with("Resource: \"*") || code.ends_with("- \"*");
            let general = everything || code.contains("Action") && code.contains(":*");
            assert!(
                !general || line.contains(" # "),
                "{path}:{}: a `*` without a reason: {line}",
                number + 1
            );
        }
    }
}
