use super::*;

/// The log of `count` iterations whose residual, drop and outflow are functions of the iteration.
fn run(count: u32, of: impl Fn(u32) -> (f64, f64, f64)) -> Monitor {
    let mut monitor = Monitor::new(1e-4, 500);
    for i in 1..=count {
        let (residual, drop, out) = of(i);
        let text = format!(
            "Time = {i}\n\nsmoothSolver:  Solving for Ux, Initial residual = {residual}, Final residual = 0, No Iterations 2\n\
             GAMG:  Solving for p, Initial residual = {residual}, Final residual = 0, No Iterations 3\n\
             GAMG:  Solving for p, Initial residual = 1e-9, Final residual = 0, No Iterations 3\n\
             surfaceFieldValue inletPressure write:\n    areaAverage(inlet) of p = {drop}\n\n\
             surfaceFieldValue outletPressure write:\n    areaAverage(outlet) of p = 0\n\n\
             surfaceFieldValue inletFlow write:\n    sum(inlet) of phi = -2\n\n\
             surfaceFieldValue outletFlow write:\n    sum(outlet) of phi = {out}\n"
        );
        for line in text.lines() {
            monitor.line(line);
        }
    }
    monitor
}

#[test]
fn a_steady_run_converges_after_fifty_iterations_and_not_before() {
    assert!(!run(50, |_| (1e-6, 3.0, 2.0)).converged());
    assert!(run(51, |_| (1e-6, 3.0, 2.0)).converged());
}

#[test]
fn small_residuals_are_not_enough_while_the_pressure_drop_moves() {
    assert!(!run(80, |i| (1e-6, 3.0 + 1e-4 * f64::from(i), 2.0)).converged());
}

#[test]
fn the_criterion_of_the_file_decides() {
    let residual_of_bed = |_| (5e-4, 3.0, 2.0);
    let mut loose = run(80, residual_of_bed);
    assert!(!loose.converged());
    loose.max_residual = 1e-3;
    assert!(loose.converged());
}

#[test]
fn lost_mass_is_not_convergence() {
    assert!(!run(80, |_| (1e-6, 3.0, 1.99)).converged());
}

#[test]
fn the_first_pressure_residual_of_an_iteration_counts() {
    let monitor = run(1, |_| (0.5, 3.0, 2.0));
    assert!((monitor.history[0].residuals["p"] - 0.5).abs() < 1e-12);
}

#[test]
fn numbers_that_are_none_end_the_run_unconverged() {
    let monitor = run(3, |_| (f64::NAN, f64::NAN, 2.0));
    assert!(monitor.may_stop() && !monitor.converged());
}

#[test]
fn progress_never_falls_and_ends_near_one() {
    let (mut last, mut monitor) = (0.0, Monitor::new(1e-4, 500));
    let all = run(200, |i| {
        (
            (-0.1 * f64::from(i)).exp(),
            3.0 + (-0.1 * f64::from(i)).exp(),
            2.0,
        )
    });
    for iteration in all.history {
        monitor.history.push(iteration);
        let fraction = monitor.fraction();
        assert!(fraction >= last);
        last = fraction;
    }
    assert!(last > 0.98);
}
