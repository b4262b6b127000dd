//! Whether the gateway hands each operation to the function whose crate has it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use system_tests::workspace;

use crate::crates::units;
use crate::expanded;

/// `GET /api/v1/beds/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    pub method: String,
    pub path: String,
}

pub struct Route {
    pub key: Operation,
    pub function: String,
}

#[test]
fn every_operation_of_the_document_reaches_the_function_that_has_it() {
    let declared = declared();
    let documented = documented();
    let names: BTreeSet<&Operation> = declared.keys().collect();
    assert_eq!(
        names,
        documented.iter().collect(),
        "the document and the crates differ"
    );
    let routes = routes();
    for (operation, owner) in &declared {
        let chosen = chosen(&routes, operation);
        let function = chosen.map(|route| route.function.as_str());
        assert_eq!(function, Some(owner.as_str()), "{operation:?}");
    }
}

#[test]
fn every_route_leads_to_an_operation() {
    let routes = routes();
    let documented = documented();
    for route in &routes {
        let used = documented.iter().any(|operation| {
            chosen(&routes, operation).is_some_and(|chosen| chosen.key == route.key)
        });
        assert!(used, "nothing comes along {:?}", route.key);
    }
}

pub fn documented() -> BTreeSet<Operation> {
    let text = std::fs::read_to_string(workspace().join("docs/openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(|method| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
        })
    });
    operations.collect()
}

/// Whose sources declare which operation.
fn declared() -> BTreeMap<Operation, String> {
    let units = units();
    let folders = units.iter().map(|unit| {
        (
            unit,
            workspace().join("functions").join(&unit.name).join("src"),
        )
    });
    let found = folders.flat_map(|(unit, folder)| {
        let operations = declared_in(&folder);
        operations
            .into_iter()
            .map(|operation| (operation, unit.title()))
    });
    found.collect()
}

fn declared_in(folder: &Path) -> Vec<Operation> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                declared_in(&path)
            } else {
                let text = std::fs::read_to_string(path).unwrap();
                text.lines().filter_map(declaration).collect()
            }
        })
        .collect()
}

/// From a line like `get, path = "/beds/{id}", tag = "beds",`.
fn declaration(line: &str) -> Option<Operation> {
    let (method, rest) = line.trim().split_once(", path = \"")?;
    let path = rest.split('"').next()?;
    let base = if path.starts_with("/s/") {
        ""
    } else {
        "/api/v1"
    };
    Some(Operation {
        method: method.to_uppercase(),
        path: format!("{base}{path}"),
    })
}

pub fn routes() -> Vec<Route> {
    let template = expanded::main();
    let of_the_api = template
        .of_type("AWS::ApiGatewayV2::Route")
        .filter(|(_, route)| route["ApiId"]["Ref"] == "Api");
    let routes = of_the_api.map(|(_, route)| {
        let (method, path) = route["RouteKey"].as_str().unwrap().split_once(' ').unwrap();
        let target = route["Target"]["Fn::Sub"].as_str().unwrap();
        let integration = target
            .strip_prefix("integrations/${")
            .unwrap()
            .trim_end_matches('}');
        let uri = &template.properties(integration)["IntegrationUri"];
        Route {
            key: Operation {
                method: method.to_owned(),
                path: path.to_owned(),
            },
            function: expanded::meant(uri)
                .strip_suffix("Function")
                .unwrap()
                .to_owned(),
        }
    });
    routes.collect()
}

/// The route that API Gateway takes: the one that says most. Whole paths come before `{proxy+}`, longer ones before
/// shorter ones, a method before `ANY`.
pub fn chosen<'a>(routes: &'a [Route], operation: &Operation) -> Option<&'a Route> {
    let matching = routes.iter().filter(|route| matches(&route.key, operation));
    matching.max_by_key(|route| {
        let path = &route.key.path;
        (
            !path.ends_with("{proxy+}"),
            path.split('/').count(),
            route.key.method != "ANY",
        )
    })
}

fn matches(key: &Operation, operation: &Operation) -> bool {
    let method = key.method == "ANY" || key.method == operation.method;
    method && matches_path(&key.path, &operation.path)
}

fn matches_path(key: &str, path: &str) -> bool {
    if let Some(below) = key.strip_suffix("{proxy+}") {
        return path.len() > below.len() && path.starts_with(below);
    }
    let (keys, parts): (Vec<_>, Vec<_>) = (key.split('/').collect(), path.split('/').collect());
    keys.len() == parts.len()
        && keys
            .iter()
            .zip(&parts)
            .all(|(key, part)| key == part || key.starts_with('{'))
}
