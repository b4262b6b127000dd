use bed::{ContactTreatment, Flow as FlowBlock};

use super::*;
use crate::openfoam::{PackingNumbers, Quality, Setup};

fn mesh_of(bed: &Bed) -> Mesh {
    let packing = PackingNumbers {
        bed_height_m: 0.02,
        window_low_m: 0.005,
        window_high_m: 0.015,
        bulk_porosity: 0.43,
    };
    let setup = Setup::of_bed(bed, &[], &packing);
    Mesh {
        section: setup.section,
        background: setup.background(),
        particle_diameter_m: setup.particle_diameter_m,
        has_particles: true,
        packing,
        settings: MeshSettings {
            contact_treatment: ContactTreatment::None,
            ..setup.settings
        },
        cells: 100_000,
        meshed_porosity: 0.42,
        porosity_difference: -0.01,
        quality: Quality::default(),
        seconds: 1.0,
        peak_memory_mb: 1.0,
    }
}

fn water(regime: Regime) -> Bed {
    let flow = FlowBlock {
        regime,
        fluid_density_kg_m3: 998.0,
        fluid_viscosity_pa_s: 1.002e-3,
        max_iterations: 321,
        ..FlowBlock::default()
    };
    Bed {
        flow,
        ..Bed::new("water", 0.05, 0.1, 0.005, 100)
    }
}

#[test]
fn density_turns_kinematic_pressure_into_pressure() {
    assert!((pressure_pa(2.0, 1000.0) - 2000.0).abs() < 1e-9);
}

#[test]
fn openfoam_is_given_the_kinematic_viscosity() {
    let bed = water(Regime::Laminar);
    let parameters = parameters(&bed, &mesh_of(&bed), 0.1, 2);
    assert_eq!(
        parameters.get_number("kinematicViscosity"),
        Some(1.002e-3 / 998.0)
    );
}

#[test]
fn velocity_regime_iterations_and_ranks_of_the_run_reach_the_case() {
    let bed = water(Regime::TurbulentRans);
    let parameters = parameters(&bed, &mesh_of(&bed), 0.1, 2);
    let area = std::f64::consts::PI * 0.05 * 0.05 / 4.0;
    let flow_rate = parameters.get_number("flowRate").map(|rate| rate / area);
    assert!(flow_rate.is_some_and(|velocity| (velocity - 0.1).abs() < 1e-12));
    assert_eq!(parameters.get_number("maxIterations"), Some(321.0));
    assert_eq!(parameters.get_number("subdomains"), Some(2.0));
    assert_eq!(parameters.get_word("simulationType"), Some("RAS"));
}

#[test]
fn the_point_that_tells_inside_from_outside_lies_in_the_tube_before_the_bed() {
    let bed = water(Regime::Laminar);
    let [x, y, z] = mesh_of(&bed).background.inside;
    assert!(x.hypot(y) < 0.5 * 0.05 && z < 0.0 && z > -2.5 * 0.005);
}

#[test]
fn numbers_follow_from_the_planes_and_the_meshed_porosity() -> Result<(), EngineError> {
    let bed = water(Regime::Laminar);
    let planes = (0..12_u8)
        .map(|i| Plane {
            z_m: 0.001 * f64::from(i),
            pressure_pa: 120.0 - 10.0 * f64::from(i),
        })
        .collect();
    let numbers = numbers(&bed, &mesh_of(&bed), 0.1, planes)?;
    assert!((numbers.pressure_drop_pa - 110.0).abs() < 1e-9);
    assert!((numbers.pressure_gradient_pa_m - 1e4).abs() < 1e-6);
    assert!((numbers.friction_factor - 1e4 * 0.005 / (998.0 * 0.01)).abs() < 1e-9);
    assert!((numbers.permeability_m2 - 1.002e-3 * 0.1 / 1e4).abs() < 1e-15);
    assert!(numbers.comparisons.len() >= 6);
    // the mesh of the preset has a porosity 0.01 below the packing's
    let ErrorBand { low, high } = numbers.error_band;
    assert!((low - 0.100).abs() < 1e-3, "{low}");
    assert!((high - discretisation_band(12.0, 1).high).abs() < 1e-12);
    Ok(())
}
