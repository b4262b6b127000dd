//! What becomes of a stack: the same again, a change, its end.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use system_tests::Call;

use crate::stack::Stack;

#[tokio::test]
#[ignore = "needs what `sam build` makes; ./dev deployed runs it"]
async fn a_stack_is_deployed_again_changed_in_place_and_deleted_with_nothing_left() {
    let mut stack = Stack::deployed().await;
    let api = stack.api().registered().await;
    let bed = api.bed().await;
    let before: Vec<String> = physical(&stack);

    let said = stack.deployment.deploy(&[]).await.unwrap();
    assert!(said.contains("is up to date"), "{said}");
    assert_eq!(physical(&stack), before, "nothing was replaced");

    assert_eq!(cores(&stack).await, "8");
    let change = ["WorkerCores=4"];
    let said = stack.deployment.deploy(&change).await.unwrap();
    assert!(said.contains("Successfully created/updated"), "{said}");
    assert_eq!(cores(&stack).await, "4");
    assert_eq!(physical(&stack), before, "changed in place");
    let api = stack.api().logged_in().await;
    let path = format!("/beds/{}", bed["id"].as_str().unwrap());
    let found = api.get(&path).await;
    assert_eq!(found["id"], bed["id"], "data outlives a deployment");

    let artifacts = stack.deployment.resource("ArtifactsBucket").unwrap();
    stack.deployment.delete().await.unwrap();
    nothing_is_left_but(artifacts, &stack).await;
    stack.end().await;
}

/// What AWS calls each resource: a new name is a new resource.
fn physical(stack: &Stack) -> Vec<String> {
    let name = |resource| stack.deployment.resource(resource).unwrap().to_owned();
    stack.deployment.resources().map(name).collect()
}

/// A function's setting that is a parameter of the template.
async fn cores(stack: &Stack) -> Value {
    let function = stack.deployment.resource("BedsFunction").unwrap();
    let of = json!({ "FunctionName": function });
    let show = Call::new("lambda", "get_function_configuration", of);
    let shown = stack.deployment.call(show).await.unwrap();
    shown["Environment"]["Variables"]["LEITO_CORES"].clone()
}

/// Lists of everything a stack may be made of: service, operation, parameters, the list, the name in it.
const LISTS: [(&str, &str, &str, &str, &str); 14] = [
    (
        "lambda",
        "list_functions",
        "{}",
        "Functions",
        "FunctionName",
    ),
    (
        "lambda",
        "list_event_source_mappings",
        "{}",
        "EventSourceMappings",
        "UUID",
    ),
    ("apigatewayv2", "get_apis", "{}", "Items", "Name"),
    ("sqs", "list_queues", "{}", "QueueUrls", ""),
    ("scheduler", "list_schedules", "{}", "Schedules", "Name"),
    ("iam", "list_roles", "{}", "Roles", "RoleName"),
    (
        "iam",
        "list_policies",
        r#"{"Scope": "Local"}"#,
        "Policies",
        "PolicyName",
    ),
    ("secretsmanager", "list_secrets", "{}", "SecretList", "Name"),
    (
        "cloudwatch",
        "describe_alarms",
        "{}",
        "MetricAlarms",
        "AlarmName",
    ),
    (
        "cloudwatch",
        "list_dashboards",
        "{}",
        "DashboardEntries",
        "DashboardName",
    ),
    ("sns", "list_topics", "{}", "Topics", "TopicArn"),
    (
        "logs",
        "describe_log_groups",
        "{}",
        "logGroups",
        "logGroupName",
    ),
    (
        "ecr",
        "describe_repositories",
        "{}",
        "repositories",
        "repositoryName",
    ),
    ("s3", "list_buckets", "{}", "Buckets", "Name"),
];

/// The files of people stay, because the template says so. (It says the same of the site's bucket, in a stack inside, where
/// the emulator does not look.) The other bucket is `sam`'s own.
async fn nothing_is_left_but(bucket: &str, stack: &Stack) {
    let calls = LISTS.map(|(service, operation, parameters, ..)| {
        Call::new(
            service,
            operation,
            serde_json::from_str(parameters).unwrap(),
        )
    });
    let outcomes = stack.deployment.calls(&calls).await.unwrap();
    for ((service, operation, _, list, name), outcome) in LISTS.into_iter().zip(outcomes) {
        let answer = outcome.answer().unwrap();
        let all = answer[list].as_array().into_iter().flatten();
        let mut left: BTreeSet<&str> = all
            .map(|one| one.as_str().or(one[name].as_str()).unwrap())
            .collect();
        left.retain(|name| !name.starts_with("aws-sam-cli-managed-default-"));
        let kept = Some(bucket).filter(|_| service == "s3").into_iter();
        assert_eq!(left, kept.collect(), "{service} {operation}");
    }
}
