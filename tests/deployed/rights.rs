//! What each function and worker may do, tried with its own role where policies are enforced: what its row names is
//! allowed, and everything else is refused.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use system_tests::{Call, Deployment, role_of};

use crate::stack::Stack;

/// Whoever there is, and what they may do.
const RIGHTS: &str = include_str!("rights.txt");

#[tokio::test]
#[ignore = "needs what `sam build` makes; ./dev deployed runs it"]
async fn everybody_may_do_what_their_row_says_and_nothing_else() {
    let stack = Stack::deployed().await;
    let deployment = &stack.deployment;
    let table = table();
    every_function_has_a_row(deployment, &table);
    let roles = roles(&table, deployment).await;
    let deeds = deeds(deployment);
    let done = |deed: &Call, role: &str| deed.clone().under(role);
    let calls: Vec<Call> = roles
        .iter()
        .flat_map(|role| deeds.iter().map(|(_, deed)| done(deed, role)))
        .collect();
    let outcomes = deployment.calls(&calls).await.unwrap();
    let mut wrong = Vec::new();
    for ((who, rights), outcomes) in table.iter().zip(outcomes.chunks(deeds.len())) {
        let tried = deeds.iter().zip(outcomes);
        let may = tried.filter(|(_, outcome)| !outcome.is_denied());
        let may: BTreeSet<&str> = may.map(|((name, _), _)| name.as_str()).collect();
        wrong.extend(
            rights
                .difference(&may)
                .map(|it| format!("{who} may not {it}")),
        );
        wrong.extend(may.difference(rights).map(|it| format!("{who} may {it}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let beds = table.iter().position(|(who, _)| *who == "BedsFunction");
    only_over_tls(deployment, &deeds, &roles[beds.unwrap()]).await;
    stack.end().await;
}

fn table() -> Vec<(&'static str, BTreeSet<&'static str>)> {
    let rows = RIGHTS.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let (who, rights) = row.split_once(':').unwrap();
        let rights = rights.split(',').map(str::trim);
        (who, rights.filter(|right| !right.is_empty()).collect())
    })
    .collect()
}

fn every_function_has_a_row(deployment: &Deployment, table: &[(&str, BTreeSet<&str>)]) {
    let without = deployment
        .resources()
        .filter(|name| name.ends_with("Function") && !table.iter().any(|(who, _)| who == name));
    assert_eq!(without.collect::<Vec<_>>(), [""; 0]);
}

/// The ARN of each row's role: a function's is in its configuration.
async fn roles(table: &[(&str, BTreeSet<&str>)], deployment: &Deployment) -> Vec<String> {
    let mut roles = Vec::new();
    let (functions, workers): (Vec<_>, Vec<_>) =
        table.iter().partition(|(who, _)| who.ends_with("Function"));
    let shows: Vec<Call> = functions
        .iter()
        .map(|(who, _)| {
            let of = json!({ "FunctionName": deployment.resource(who).unwrap() });
            Call::new("lambda", "get_function_configuration", of)
        })
        .collect();
    for outcome in deployment.calls(&shows).await.unwrap() {
        let shown = outcome.answer().unwrap();
        roles.push(shown["Role"].as_str().unwrap().to_owned());
    }
    for (who, _) in workers {
        roles.push(role_of(who, deployment).await.unwrap());
    }
    roles
}

/// What a function may do over TLS it may not do without.
async fn only_over_tls(deployment: &Deployment, deeds: &[(String, Call)], role: &str) {
    for wanted in ["send to packing", "read artifacts"] {
        let (_, deed) = deeds.iter().find(|(name, _)| name == wanted).unwrap();
        let calls = [deed.clone().under(role)];
        let outcomes = deployment.calls_in_the_clear(&calls).await.unwrap();
        assert!(outcomes[0].is_denied(), "{wanted}: {outcomes:?}");
    }
}

/// Everything that somebody may do, and what nobody may.
fn deeds(deployment: &Deployment) -> Vec<(String, Call)> {
    let mut deeds = of_queues(deployment);
    deeds.extend(of_objects(deployment));
    deeds.extend(of_others(deployment));
    deeds
}

fn of_queues(deployment: &Deployment) -> Vec<(String, Call)> {
    let packing = deployment.output("PackingQueueUrl").unwrap();
    let base = packing.strip_suffix("packing").unwrap();
    let mut deeds = Vec::new();
    for queue in [
        "packing",
        "flow",
        "packing-dead",
        "flow-dead",
        "schedule-dead",
    ] {
        let mut deed = |verb: &str, operation, mut how: Value| {
            how["QueueUrl"] = json!(format!("{base}{queue}"));
            deeds.push((format!("{verb} {queue}"), Call::new("sqs", operation, how)));
        };
        deed("send to", "send_message", json!({ "MessageBody": "{}" }));
        deed(
            "receive from",
            "receive_message",
            json!({ "VisibilityTimeout": 0 }),
        );
        deed(
            "count",
            "get_queue_attributes",
            json!({ "AttributeNames": ["All"] }),
        );
        deed("purge", "purge_queue", json!({}));
        deed("delete", "delete_queue", json!({}));
    }
    deeds
}

/// Of objects that are not there: that they are missing is told to whoever may look.
fn of_objects(deployment: &Deployment) -> Vec<(String, Call)> {
    let bucket = deployment.output("Bucket").unwrap();
    let mut deeds = Vec::new();
    for folder in ["artifacts", "uploads", "archives", "elsewhere"] {
        let at = json!({ "Bucket": bucket, "Key": format!("{folder}/tried") });
        for (verb, operation) in [
            ("read", "get_object"),
            ("write", "put_object"),
            ("delete", "delete_object"),
        ] {
            deeds.push((
                format!("{verb} {folder}"),
                Call::new("s3", operation, at.clone()),
            ));
        }
    }
    let bucket = json!({ "Bucket": bucket });
    deeds.push((
        "list the bucket".to_owned(),
        Call::new("s3", "list_objects_v2", bucket.clone()),
    ));
    deeds.push((
        "open the bucket".to_owned(),
        Call::new("s3", "delete_bucket_policy", bucket),
    ));
    deeds
}

/// Messages to people, and what would be a way out of one's own row.
fn of_others(deployment: &Deployment) -> Vec<(String, Call)> {
    let migrate = deployment.resource("MigrateFunction").unwrap();
    let function = json!({ "FunctionName": migrate });
    let user = json!({ "UserName": "somebody" });
    let all = [
        (
            "tell who watches",
            "apigatewaymanagementapi",
            "post_to_connection",
            json!({ "ConnectionId": "nobody", "Data": "{}" }),
        ),
        ("run a function", "lambda", "invoke", function.clone()),
        ("read a function", "lambda", "get_function", function),
        ("list the roles", "iam", "list_roles", json!({})),
        ("make a user", "iam", "create_user", user),
        (
            "list the secrets",
            "secretsmanager",
            "list_secrets",
            json!({}),
        ),
        (
            "list the schedules",
            "scheduler",
            "list_schedules",
            json!({}),
        ),
        (
            "list the stacks",
            "cloudformation",
            "list_stacks",
            json!({}),
        ),
    ];
    all.map(|(name, service, operation, how)| (name.to_owned(), Call::new(service, operation, how)))
        .into()
}
