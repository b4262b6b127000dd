//! `cargo lambda watch` hands requests to functions by a router in the workspace's metadata: to the same as the gateway.

use crate::crates::workspace_metadata;
use crate::routes::{Operation, Route, chosen, documented, routes};

#[test]
fn the_router_of_cargo_lambda_watch_chooses_as_the_gateway_does() {
    let (gateway, watch) = (routes(), watch());
    for operation in documented() {
        let function = |routes| chosen(routes, &operation).map(|route| route.function.as_str());
        assert_eq!(function(&watch), function(&gateway), "{operation:?}");
    }
}

/// The routes in the gateway's spelling.
fn watch() -> Vec<Route> {
    let metadata = workspace_metadata();
    let router = &metadata["metadata"]["lambda"]["watch"]["router"];
    let router = router.as_object().expect("Cargo.toml has a router");
    let mut routes = Vec::new();
    for (path, functions) in router {
        let mut add = |method: &str, function: &str| {
            routes.push(Route {
                key: Operation {
                    method: method.to_owned(),
                    path: path.replace("{*rest}", "{proxy+}"),
                },
                function: crate::crates::title(function),
            });
        };
        match functions.as_str() {
            Some(function) => add("ANY", function),
            None => {
                for one in functions.as_array().unwrap() {
                    add(
                        one["method"].as_str().unwrap(),
                        one["function"].as_str().unwrap(),
                    );
                }
            }
        }
    }
    routes
}
