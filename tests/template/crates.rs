//! The crates under `functions/`, and what they say they need.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use system_tests::workspace;

/// Programs that wait on a queue for as long as they live, wherever that is.
pub const WORKERS: [&str; 2] = ["bed-packer", "flow-solver"];

/// A deployed unit.
#[derive(Debug)]
pub struct Unit {
    pub name: String,
    /// `<action> <resource>`, from `[package.metadata.leito]`.
    pub needs: BTreeSet<String>,
}

impl Unit {
    /// The name that its resources begin with: `outbox-relay` is `OutboxRelay`.
    pub fn title(&self) -> String {
        title(&self.name)
    }

    pub fn is_worker(&self) -> bool {
        WORKERS.contains(&self.name.as_str())
    }
}

/// What the resources of a unit begin with.
pub fn title(name: &str) -> String {
    name.split('-')
        .flat_map(|word| {
            let (first, rest) = word.split_at(1);
            [first.to_uppercase(), rest.to_owned()]
        })
        .collect()
}

/// What cargo says of the workspace.
pub fn workspace_metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(workspace())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).expect("cargo knows its workspace")
}

/// All of them, by name.
pub fn units() -> Vec<Unit> {
    let metadata = workspace_metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let functions = packages.iter().filter(|package| {
        let manifest = package["manifest_path"].as_str().unwrap();
        manifest.rsplit('/').nth(2) == Some("functions")
    });
    functions.map(unit).collect()
}

fn unit(package: &Value) -> Unit {
    let needs = package["metadata"]["leito"]["needs"].as_array();
    let words = needs.into_iter().flatten();
    Unit {
        name: package["name"].as_str().unwrap().to_owned(),
        needs: words
            .map(|need| need.as_str().unwrap().to_owned())
            .collect(),
    }
}
