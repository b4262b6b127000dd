//! The templates as CloudFormation works on them: loops unrolled, SAM's resources translated.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Map, Value};
use system_tests::workspace;

/// The whole system's.
pub const MAIN: &str = "template.yaml";

/// One template, expanded.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Template {
    #[serde(default)]
    pub parameters: Map<String, Value>,
    pub resources: Map<String, Value>,
}

impl Template {
    /// The resources of this type, with their names.
    pub fn of_type(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        let found = self.resources.iter();
        let found = found.filter(move |(_, resource)| resource["Type"] == kind);
        found.map(|(name, resource)| (name.as_str(), &resource["Properties"]))
    }

    /// The properties of a resource.
    pub fn properties(&self, name: &str) -> &Value {
        let found = self.resources.get(name);
        &found.unwrap_or_else(|| panic!("there is no {name}"))["Properties"]
    }

    /// What a parameter is when nobody gives it.
    pub fn default(&self, parameter: &str) -> &Value {
        &self.parameters[parameter]["Default"]
    }
}

/// `template.yaml`.
pub fn main() -> &'static Template {
    &all()[MAIN]
}

/// Every template of the repository, by its path.
pub fn all() -> &'static BTreeMap<String, Template> {
    static ALL: OnceLock<BTreeMap<String, Template>> = OnceLock::new();
    ALL.get_or_init(expand)
}

/// Paths of all templates, below the repository's root.
pub fn paths() -> Vec<String> {
    let parts = std::fs::read_dir(workspace().join("infra")).unwrap();
    let names = parts.map(|part| part.unwrap().file_name().into_string().unwrap());
    let yaml = names.filter(|name| {
        PathBuf::from(name)
            .extension()
            .is_some_and(|end| end == "yaml")
    });
    let mut paths: Vec<String> = yaml.map(|name| format!("infra/{name}")).collect();
    paths.push(MAIN.to_owned());
    paths.sort();
    paths
}

fn expand() -> BTreeMap<String, Template> {
    let python = ".leito/emulator/bin/python";
    let expanded = Command::new(workspace().join(python))
        .arg("tests/template/expand.py")
        .args(paths())
        .current_dir(workspace())
        .output()
        .unwrap_or_else(|error| panic!("{python}: {error}; ./dev setup makes it"));
    let said = String::from_utf8_lossy(&expanded.stderr);
    assert!(expanded.status.success(), "{said}");
    serde_json::from_slice(&expanded.stdout).unwrap()
}

/// A property that may be one thing or a list of them.
pub fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(all) => all.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

/// What a `Ref`, a `Fn::GetAtt` of an ARN, or a `Fn::Sub` around one means: `Queue`, `Bucket/uploads/*`, `Api/stage/*`.
pub fn meant(value: &Value) -> String {
    let attribute = value["Fn::GetAtt"].as_array().map(|parts| {
        assert_eq!(parts[1], "Arn", "{value}");
        parts[0].as_str().unwrap().to_owned()
    });
    let substituted = value["Fn::Sub"].as_str().map(|text| {
        let named = text.replace(".Arn}", "}").replace("AWS::", "");
        let resource = named.rsplit(':').next().unwrap();
        resource.replace(['$', '{', '}'], "")
    });
    let reference = value["Ref"].as_str().map(str::to_owned);
    let found = attribute.or(substituted).or(reference);
    found.unwrap_or_else(|| panic!("a resource that is not named: {value}"))
}
