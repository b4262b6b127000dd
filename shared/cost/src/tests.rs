//! The example of docs/cost.md, worked there by hand.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use bed::{Bed, Plan};

use super::{Deployment, Line, estimate, standing, study};

const EXAMPLE: Plan = Plan {
    particle_count: 1000,
    tube_to_particle_ratio: 10.0,
    expected_bed_height_m: 0.05,
    layers: 10.0,
    porosity_low: 0.38,
    porosity_expected: 0.41,
    porosity_high: 0.44,
    cells: 1_000_000,
    memory_mb: 4700.0,
    packing_minutes: 1.0,
    meshing_minutes: 2.0,
    solving_minutes: 7.0,
    minutes: 10.0,
    cost_usd: 0.0,
};

fn bed() -> Bed {
    Bed::new("example", 0.05, 0.2, 0.005, 1000)
}

fn usd(lines: &[Line], what: &str) -> f64 {
    lines
        .iter()
        .filter(|line| line.what == what)
        .map(Line::usd)
        .sum()
}

fn assert_usd(computed: f64, by_hand: f64) {
    assert!(
        (computed - by_hand).abs() < 1e-6 * by_hand.max(1.0),
        "{computed} USD, by hand {by_hand} USD"
    );
}

#[test]
fn a_study_costs_what_the_worked_example_says() {
    let lines = study::lines(&bed(), &EXAMPLE, &Deployment::TEMPLATE);
    assert_usd(usd(&lines, "packing"), 0.004_030_8);
    assert_usd(usd(&lines, "meshing and solving"), 0.041_429_3);
    assert_usd(usd(&lines, "requests"), 0.000_132_5);
    assert_usd(usd(&lines, "files kept"), 0.006_992);
    assert_usd(usd(&lines, "files fetched"), 0.027_36);
    assert_usd(lines.iter().map(Line::usd).sum(), 0.080_111);
}

#[test]
fn a_month_without_a_study_costs_what_the_worked_example_says() {
    let lines = standing::lines(&Deployment::TEMPLATE);
    assert_usd(usd(&lines, "Aurora, least capacity"), 43.80);
    assert_usd(usd(&lines, "RDS Proxy"), 87.60);
    assert_usd(usd(&lines, "NAT gateway"), 36.50);
    assert_usd(usd(&lines, "queues that Lambda waits on"), 0.7884);
    assert_usd(lines.iter().map(Line::usd).sum(), 181.201_570);
}

#[test]
fn spare_capacity_is_cheaper_and_a_month_is_its_parts() {
    let mut on_demand = Deployment::TEMPLATE;
    on_demand.spot_share = 0.0;
    let spare = estimate(&bed(), 100, &Deployment::TEMPLATE).unwrap();
    let dear = estimate(&bed(), 100, &on_demand).unwrap();
    assert!(spare.study_usd < dear.study_usd);
    assert_usd(
        spare.month_usd,
        spare.standing_usd + 100.0 * spare.study_usd,
    );
}

#[test]
fn a_database_of_ones_own_takes_its_network_with_it() {
    let lines = standing::lines(&Deployment::TEMPLATE.without_database());
    let sum: f64 = lines.iter().map(Line::usd).sum();
    assert_usd(
        sum,
        181.201_570 - 43.80 - 0.10 - 87.60 - 36.50 - 0.09 - 0.40,
    );
}

#[test]
fn a_bed_that_cannot_be_has_no_price() {
    let flat = Bed::new("flat", 0.05, 0.2, 0.005, 3);
    assert!(estimate(&flat, 1, &Deployment::TEMPLATE).is_err());
}
