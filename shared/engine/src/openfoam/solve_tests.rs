use super::*;

#[test]
fn density_turns_kinematic_pressure_into_pressure() {
    assert!((pressure_pa(2.0, 1000.0) - 2000.0).abs() < 1e-9);
}
