//! What a study will take, and why some cannot be.

use bed::{Bed, Machine, Plan, Problem, plan};

fn demo() -> Bed {
    Bed::new("demo", 0.02, 0.06, 0.005, 100)
}

fn planned(bed: &Bed) -> Plan {
    plan(bed, &Machine::default()).unwrap()
}

fn refused(bed: &Bed, machine: &Machine) -> Vec<Problem> {
    plan(bed, machine).expect_err("this has to be refused")
}

fn near(value: f64, expected: f64) -> bool {
    (value - expected).abs() <= 1e-3 * expected.abs()
}

#[test]
fn height_and_porosity_follow_from_the_correlations() {
    let plan = planned(&demo());
    // Dixon at N = 4: 0.4 + 0.05/4 + 0.412/16; height = N_p d³ / (1.5 D² (1 - ε)).
    assert!(near(plan.porosity_expected, 0.43825), "{plan:?}");
    assert!(
        near(
            plan.expected_bed_height_m,
            100.0 * 1.25e-7 / (1.5 * 4e-4 * 0.56175)
        ),
        "{plan:?}"
    );
    assert!(
        near(plan.layers, plan.expected_bed_height_m / 0.005),
        "{plan:?}"
    );
    assert!(
        plan.porosity_low <= plan.porosity_expected && plan.porosity_expected < plan.porosity_high
    );
}

#[test]
fn a_target_height_gives_the_number_of_particles_that_reaches_it() {
    let mut bed = demo();
    bed.particles.count = None;
    bed.particles.target_height_m = Some(0.04);
    let plan = planned(&bed);
    assert_eq!(plan.particle_count, 108);
    assert!((plan.expected_bed_height_m - 0.04).abs() < 2e-4, "{plan:?}");
}

/// The demo and smaller beds as measured: cells, seconds of each stage, memory. A plan is right when it helps to decide.
#[test]
fn the_plan_of_the_demo_is_within_half_of_what_was_measured() {
    let mut bed = demo();
    bed.flow.quality = bed::Quality::Draft;
    let plan = planned(&bed);
    for (name, planned, measured) in [
        ("cells", plan.cells as f64, 137_478.0),
        ("packing", plan.packing_minutes * 60.0, 6.0),
        ("meshing", plan.meshing_minutes * 60.0, 79.0),
        ("solving", plan.solving_minutes * 60.0, 25.0),
        ("all", plan.minutes * 60.0, 110.0),
        ("memory", plan.memory_mb, 560.0),
    ] {
        let ratio = planned / measured;
        assert!((1.0 / 1.5..1.5).contains(&ratio), "{name}: {ratio}");
    }
}

#[test]
fn meshing_takes_longer_the_more_spheres_there_are_and_not_only_for_their_cells() {
    // processor seconds and cells of stacks of the demo's packing, with 5 cells per diameter and no surface level
    for (count, cells, seconds) in [
        (100, 8358.0, 4.9),
        (200, 13_947.0, 12.0),
        (400, 25_861.0, 36.0),
    ] {
        let mut bed = Bed::new("stack", 0.02, 0.3, 0.005, count);
        bed.flow.cells_per_diameter = Some(5.0);
        bed.flow.surface_level = Some(0);
        let plan = planned(&bed);
        let per_cell_s = plan.meshing_minutes * 60.0 / plan.cells as f64;
        let ratio = per_cell_s / (seconds / cells);
        assert!((0.9..1.1).contains(&ratio), "{count}: {ratio}");
    }
}

#[test]
fn cells_and_memory_of_other_meshes_are_near_those_that_were_made() {
    let mut forty = demo();
    forty.particles.count = Some(40);
    let mut narrow = Bed::new("narrow", 0.012, 0.06, 0.005, 14);
    (narrow.flow.inlet_length, narrow.flow.outlet_length) = (1.0, 1.5);
    for (mut bed, mesh, cells, memory_mb) in [
        (forty.clone(), (6.0, 0), 8764.0, 149.0),
        (forty.clone(), (8.0, 1), 64_917.0, 299.0),
        (forty, (12.0, 1), 173_638.0, 609.0),
        (narrow.clone(), (8.0, 1), 22_540.0, 179.0),
        (narrow, (12.0, 1), 58_965.0, 278.0),
    ] {
        bed.flow.cells_per_diameter = Some(mesh.0);
        bed.flow.surface_level = Some(mesh.1);
        let plan = planned(&bed);
        let (cells, memory) = (plan.cells as f64 / cells, plan.memory_mb / memory_mb);
        assert!((0.85..1.15).contains(&cells), "{mesh:?}: {cells}");
        assert!((0.8..1.25).contains(&memory), "{mesh:?}: {memory}");
    }
}

#[test]
fn cells_grow_with_the_resolution_and_solving_with_cells_and_velocities() {
    let mut bed = demo();
    bed.flow.cells_per_diameter = Some(8.0);
    let coarse = planned(&bed);
    bed.flow.cells_per_diameter = Some(16.0);
    bed.flow.velocities_m_s = vec![0.001, 0.002, 0.003];
    let fine = planned(&bed);
    let growth = fine.cells as f64 / coarse.cells as f64;
    // between that of a surface and that of a volume
    assert!((4.0..8.0).contains(&growth), "{growth}");
    assert!(near(
        fine.solving_minutes,
        3.0 * growth * coarse.solving_minutes
    ));
    assert!(fine.memory_mb > coarse.memory_mb && fine.cost_usd > coarse.cost_usd);
}

#[test]
fn the_minutes_are_those_of_the_stages_and_more_cores_help_only_the_solver() {
    let few = planned(&demo());
    let many = plan(
        &demo(),
        &Machine {
            cores: 8,
            ..Machine::default()
        },
    )
    .unwrap();
    assert!(near(
        few.minutes,
        few.packing_minutes + few.meshing_minutes + few.solving_minutes
    ));
    assert!(many.solving_minutes < few.solving_minutes / 2.0);
    assert!(near(many.meshing_minutes, few.meshing_minutes));
}

#[test]
fn a_layer_of_spheres_in_a_wide_tube_is_refused_with_the_number_that_would_do() {
    // The bed of the source documents: 100 spheres of 5 mm lie 1.3 diameters deep in a 46 mm tube.
    let mut bed = Bed::new("layer", 0.046, 0.1, 0.005, 100);
    let problems = refused(&bed, &Machine::default());
    assert_eq!(problems[0].pointer, "/particles/count");
    assert!(problems[0].message.contains("1.3 layers"), "{problems:?}");
    assert!(
        problems[0].message.contains("at least 150 would do"),
        "{problems:?}"
    );
    bed.particles.count = Some(150);
    assert!(planned(&bed).layers >= 2.0);
}

#[test]
fn a_target_height_under_two_layers_is_refused_with_a_height_that_would_do() {
    let mut bed = Bed::new("layer", 0.046, 0.1, 0.005, 1);
    bed.particles.count = None;
    bed.particles.target_height_m = Some(0.008);
    let problems = refused(&bed, &Machine::default());
    assert_eq!(problems[0].pointer, "/particles/target_height_m");
    let height = problems[0].message.rsplit_once("at least ").unwrap().1;
    let height_mm: f64 = height.split(' ').next().unwrap().parse().unwrap();
    bed.particles.target_height_m = Some(height_mm / 1000.0);
    assert!(planned(&bed).layers >= 2.0, "{problems:?}");
}

#[test]
fn more_particles_than_the_tube_holds_are_refused_with_what_would_fit() {
    let mut bed = Bed::new("full", 0.02, 0.03, 0.005, 100);
    let problems = refused(&bed, &Machine::default());
    assert_eq!(
        (problems.len(), problems[0].pointer.as_str()),
        (1, "/particles/count")
    );
    let fitting = problems[0].message.split("at most ").nth(1).unwrap();
    let fitting: u32 = fitting.split(' ').next().unwrap().parse().unwrap();
    bed.particles.count = Some(fitting + 1);
    assert!(plan(&bed, &Machine::default()).is_err());
    bed.particles.count = Some(fitting);
    assert!(plan(&bed, &Machine::default()).is_ok());
}

#[test]
fn particles_too_large_for_the_tube_are_refused_with_the_size_that_would_do() {
    let mut bed = Bed::new("plug", 0.02, 0.5, 0.015, 20);
    let problems = refused(&bed, &Machine::default());
    assert!(
        problems[0].message.contains("1.33 particle diameters"),
        "{problems:?}"
    );
    assert!(
        problems[0].message.contains("at most 13.3 mm"),
        "{problems:?}"
    );
    bed.particles.diameter_m = 0.0133;
    assert!(plan(&bed, &Machine::default()).is_ok());
    // Wider than the tube itself: still an answer, no nonsense.
    bed.particles.diameter_m = 0.03;
    assert_eq!(refused(&bed, &Machine::default()).len(), 1);
}

#[test]
fn a_mesh_beyond_the_memory_is_refused_with_the_resolution_that_would_fit() {
    let mut bed = demo();
    bed.flow.cells_per_diameter = Some(90.0);
    let machine = Machine {
        max_minutes: f64::INFINITY,
        ..Machine::default()
    };
    let problems = refused(&bed, &machine);
    assert_eq!(problems[0].pointer, "/flow/cells_per_diameter");
    let fitting = problems[0].message.split(": ").nth(1).unwrap();
    let fitting: f64 = fitting.split(' ').next().unwrap().parse().unwrap();
    bed.flow.cells_per_diameter = Some(fitting);
    assert!(plan(&bed, &machine).is_ok(), "{problems:?}");
    bed.flow.cells_per_diameter = Some(fitting + 1.0);
    assert!(plan(&bed, &machine).is_err());
}

#[test]
fn a_machine_that_can_hold_no_mesh_of_the_bed_says_so() {
    let machine = Machine {
        memory_mb: 150.0,
        ..Machine::default()
    };
    assert!(
        refused(&demo(), &machine)[0]
            .message
            .contains("larger machine")
    );
}

#[test]
fn a_study_longer_than_allowed_is_refused_with_its_minutes() {
    let machine = Machine {
        max_minutes: 0.1,
        ..Machine::default()
    };
    let problems = refused(&demo(), &machine);
    assert_eq!(problems[0].pointer, "/flow");
    assert!(
        problems[0].message.contains("packing takes about"),
        "{problems:?}"
    );
}

#[test]
fn a_bed_that_is_not_valid_has_no_plan() {
    let mut bed = demo();
    bed.geometry.diameter_m = -1.0;
    assert_eq!(
        refused(&bed, &Machine::default())[0].pointer,
        "/geometry/diameter_m"
    );
}
