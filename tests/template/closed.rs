//! What is stored is encrypted, closed to the public, and reached over TLS alone.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::expanded::{self, Template, each, meant};

#[test]
fn every_bucket_is_closed_encrypted_and_keeps_old_versions_for_a_while() {
    for (path, template) in expanded::all() {
        for (name, bucket) in template.of_type("AWS::S3::Bucket") {
            let public = bucket["PublicAccessBlockConfiguration"].as_object();
            let blocked =
                public.is_some_and(|all| all.len() == 4 && all.values().all(|one| *one == true));
            assert!(blocked, "{path}: {name}");
            assert!(bucket["BucketEncryption"].is_object(), "{path}: {name}");
            assert_eq!(
                bucket["VersioningConfiguration"]["Status"], "Enabled",
                "{path}: {name}"
            );
            let rules = each(&bucket["LifecycleConfiguration"]["Rules"]);
            let ends = rules.iter().any(|rule| {
                rule["Prefix"].is_null() && rule["NoncurrentVersionExpiration"].is_object()
            });
            assert!(ends, "{path}: old versions in {name} stay for ever");
        }
    }
}

#[test]
fn buckets_and_queues_answer_over_tls_only() {
    for (path, template) in expanded::all() {
        let buckets = template.of_type("AWS::S3::BucketPolicy");
        let guarded = buckets.filter(|(_, policy)| over_tls_only(policy));
        let guarded: BTreeSet<String> = guarded
            .map(|(_, policy)| meant(&policy["Bucket"]))
            .collect();
        assert_eq!(guarded, names(template, "AWS::S3::Bucket"), "{path}");
        let queues = template.of_type("AWS::SQS::QueuePolicy");
        let guarded = queues.filter(|(_, policy)| over_tls_only(policy));
        let guarded = guarded.flat_map(|(_, policy)| each(&policy["Queues"]));
        let guarded: BTreeSet<String> = guarded.map(meant).collect();
        assert_eq!(guarded, names(template, "AWS::SQS::Queue"), "{path}");
        for (name, queue) in template.of_type("AWS::SQS::Queue") {
            assert_eq!(queue["SqsManagedSseEnabled"], true, "{path}: {name}");
        }
    }
}

fn names(template: &Template, kind: &str) -> BTreeSet<String> {
    let found = template.of_type(kind);
    found.map(|(name, _)| name.to_owned()).collect()
}

fn over_tls_only(policy: &Value) -> bool {
    let statements = each(&policy["PolicyDocument"]["Statement"]);
    let without_tls = json!({ "Bool": { "aws:SecureTransport": "false" } });
    statements.iter().any(|statement| {
        statement["Effect"] == "Deny"
            && statement["Principal"] == "*"
            && statement["Condition"] == without_tls
    })
}
