//! What the cost model takes the template to be.

use cost::Deployment;
use serde_json::Value;

use crate::expanded::{MAIN, Template, all};

/// Templates that one deployment with the defaults has more than once, or not at all, beside those it has once.
const SERVICES: usize = 1; // solving; packing is a function

fn count(kind: &str) -> u32 {
    let of = |template: &Template| template.of_type(kind).count();
    let found = all().iter().map(|(path, template)| match path.as_str() {
        "infra/service.yaml" => SERVICES * of(template),
        _ => of(template),
    });
    u32::try_from(found.sum::<usize>()).unwrap()
}

#[test]
fn the_cost_model_counts_what_the_templates_make() {
    let model = Deployment::TEMPLATE;
    assert_eq!(count("AWS::CloudWatch::Alarm"), model.alarms);
    assert_eq!(count("AWS::CloudWatch::Dashboard"), model.dashboards);
    assert_eq!(count("AWS::EC2::NatGateway"), model.nat_gateways);
    assert_eq!(count("AWS::SecretsManager::Secret"), model.secrets);
    assert_eq!(
        count("AWS::Lambda::EventSourceMapping"),
        model.polled_queues
    );
}

#[test]
fn the_cost_model_has_the_sizes_of_the_templates() {
    let model = Deployment::TEMPLATE;
    let main = &all()[MAIN];
    let acu = number(main.default("DatabaseMinAcu"));
    same("the least capacity", acu, model.database_acu.unwrap());
    let cores = number(main.default("WorkerCores"));
    same("the solver's cores", cores, model.solver_vcpu);
    let memory_gb = number(main.default("WorkerMemoryMb")) / 1024.0;
    same("the solver's memory", memory_gb, model.solver_gb);
    let workers = &all()["infra/workers.yaml"];
    let (_, packer) = workers.of_type("AWS::Lambda::Function").next().unwrap();
    let packer_gb = number(&packer["MemorySize"]) / 1024.0;
    same("the packer's memory", packer_gb, model.packer_gb);
    let (_, service) = all()["infra/service.yaml"]
        .of_type("AWS::ECS::Service")
        .next()
        .unwrap();
    let weight = |provider: &str| {
        let strategy = service["CapacityProviderStrategy"].as_array().unwrap();
        let found = strategy
            .iter()
            .find(|part| part["CapacityProvider"] == provider);
        number(&found.unwrap()["Weight"])
    };
    let (spot, demand) = (weight("FARGATE_SPOT"), weight("FARGATE"));
    same("spare capacity", spot / (spot + demand), model.spot_share);
}

fn same(what: &str, template: f64, model: f64) {
    assert!(
        (template - model).abs() < 1e-3,
        "{what}: {template}, in the model {model}"
    );
}

/// A number, or one in a text.
fn number(value: &Value) -> f64 {
    let text = value.as_str().map(str::parse);
    text.map_or_else(|| value.as_f64().unwrap(), Result::unwrap)
}
