//! What a function is told when it starts, read by the code that will read it there.

use std::path::PathBuf;

use runtime::Settings;
use serde_json::Value;

use crate::expanded::Template;

/// In the place of what exists only once it is deployed; long enough for a secret, and part of no address that matters.
const DEPLOYED: &str = "made-while-it-is-deployed-0123456789";

/// The settings of a function, with a database of the stack's own.
pub fn settings(template: &Template, function: &Value) -> Settings {
    let variables = &function["Environment"]["Variables"];
    let lookup = |name: &'static str| match name {
        "AWS_LAMBDA_RUNTIME_API" => Ok(Some("127.0.0.1:9001".to_owned())),
        _ => Ok(variables.get(name).map(|value| text(template, value))),
    };
    Settings::from_vars(PathBuf::from("/tmp"), lookup).unwrap()
}

/// A number that may hang on a condition; the first choice is the one of production.
pub fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value["Fn::If"][1].as_u64())
}

fn text(template: &Template, value: &Value) -> String {
    if let Some(text) = value.as_str() {
        return text.to_owned();
    }
    if let Some(choice) = value.get("Fn::If") {
        return text(template, &choice[1]);
    }
    if let Some(substituted) = value.get("Fn::Sub") {
        let written = substituted.as_str().or_else(|| substituted[0].as_str());
        return without_placeholders(written.unwrap());
    }
    let name = value["Ref"].as_str().unwrap_or(DEPLOYED);
    let queue = |properties: &Value| {
        without_placeholders(properties["QueueName"]["Fn::Sub"].as_str().unwrap())
    };
    match template.resources.get(name) {
        Some(resource) if resource["Type"] == "AWS::SQS::Queue" => {
            format!("https://sqs.example/{}", queue(&resource["Properties"]))
        }
        Some(_) => DEPLOYED.to_owned(),
        None => template.parameters.get(name).map_or_else(
            || DEPLOYED.to_owned(),
            |parameter| parameter["Default"].as_str().unwrap().to_owned(),
        ),
    }
}

/// `${Name}` and `{{resolve:…}}` are only known there.
fn without_placeholders(text: &str) -> String {
    let mut text = text.to_owned();
    for (open, close) in [("${", "}"), ("{{", "}}")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).unwrap() + start + close.len();
            text.replace_range(start..end, DEPLOYED);
        }
    }
    text
}
