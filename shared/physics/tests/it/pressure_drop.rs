use crate::assert_relative;
use physics::pressure_drop::{
    Comparison, Conditions, agreement_in_range, carman, compare, eisfeld_schnitzlein, erdim, ergun,
    harrison, kta, spread_in_range,
};
use proptest::prelude::*;

/// Published worked case: 0.8 mm spheres in water.
const WATER: Conditions = Conditions {
    particle_diameter_m: 8e-4,
    tube_diameter_m: 0.01,
    porosity: 0.4,
    superficial_velocity_m_s: 1e-3,
    fluid_density_kg_m3: 1e3,
    fluid_viscosity_pa_s: 1e-3,
};

const ALL: [fn(&Conditions) -> f64; 6] = [ergun, eisfeld_schnitzlein, harrison, erdim, carman, kta];

#[test]
fn the_published_values_are_met() {
    assert_relative(ergun(&WATER), 1_338.867_187_5, 1e-12);
    assert_relative(erdim(&WATER), 1_438.282_695_884_441_4, 1e-12);
    assert_relative(kta(&WATER), 1_440.409_277_034_248, 1e-12);
    assert_relative(carman(&WATER), 1_614.721_678_121_775, 1e-12);
    assert_relative(harrison(&WATER), 1_255.162_566_254_842_7, 1e-12);
}

#[test]
fn eisfeld_and_schnitzlein_meet_the_sum_done_by_hand() {
    // x 0.08, Aw = 1 + 2·0.08/1.8, Bw = (1.15·0.0064 + 0.87)², Re 0.8
    let (aw, bw) = (1.0 + 0.16 / 1.8, 0.877_36_f64.powi(2));
    let psi = 154.0 * aw * aw * 0.36 / (0.064 * 0.8) + aw / bw * 0.6 / 0.064;
    assert_relative(eisfeld_schnitzlein(&WATER), psi * 1e3 * 1e-6 / 8e-4, 1e-12);
}

#[test]
fn the_literature_disagrees_at_four_diameters_as_published() {
    // a computed case: N = 4, spheres shrunk by 1 %, Re 10; Pa/m at its meshed porosity
    let (ergun_then, others) = (
        39.1,
        [
            (eisfeld_schnitzlein as fn(&_) -> _, 62.7),
            (harrison, 50.1),
            (erdim, 42.7),
        ],
    );
    let narrow = Conditions {
        particle_diameter_m: 0.99e-3,
        tube_diameter_m: 4e-3,
        porosity: 0.4733,
        superficial_velocity_m_s: 0.01,
        ..WATER
    };
    for (gradient, then) in others {
        assert_relative(gradient(&narrow) / ergun(&narrow), then / ergun_then, 0.002);
    }
}

#[test]
fn each_comparison_says_whether_its_range_covers_the_case_and_which_range_that_is() {
    let comparisons = compare(&WATER);
    let says = |name: &str| {
        let found = comparisons
            .iter()
            .find(|comparison| comparison.name.starts_with(name))
            .unwrap();
        (found.in_range, found.range.as_str())
    };
    assert_eq!(says("Ergun"), (true, "1 ≤ Re_m ≤ 2300"));
    assert_eq!(
        says("Eisfeld"),
        (true, "0.01 ≤ Re ≤ 17635, 1.624 ≤ N ≤ 250")
    );
    assert_eq!(
        says("Harrison"),
        (
            true,
            "0.72 ≤ Re ≤ 7700, 8.3 ≤ N ≤ 50, 0.33 ≤ porosity ≤ 0.88"
        )
    );
    assert_eq!(
        says("Erdim"),
        (
            false,
            "2 ≤ Re_m ≤ 3582, 4 ≤ N ≤ 34.1, 0.377 ≤ porosity ≤ 0.47"
        )
    );
    assert_eq!(says("Carman"), (true, "0.1 ≤ Re_m ≤ 60000"));
    assert_eq!(
        says("KTA"),
        (true, "1 ≤ Re_m ≤ 100000, 0.36 ≤ porosity ≤ 0.42")
    );
}

#[test]
fn the_spread_reaches_from_the_lowest_to_the_highest_that_applies() {
    let spread = spread_in_range(&compare(&WATER)).unwrap();
    assert_relative(spread.low_pa_m, harrison(&WATER), 0.0);
    assert_relative(
        spread.high_pa_m,
        carman(&WATER).max(eisfeld_schnitzlein(&WATER)),
        0.0,
    );
    assert!(spread.contains(0.8 * spread.low_pa_m, 0.25));
    assert!(!spread.contains(0.8 * spread.low_pa_m, 0.1));
    assert!(!spread.contains(1.3 * spread.high_pa_m, 0.25));
}

#[test]
fn no_spread_is_made_up_where_nothing_applies() {
    let creeping = Conditions {
        superficial_velocity_m_s: 1e-9,
        ..WATER
    };
    assert_eq!(spread_in_range(&compare(&creeping)), None);
}

#[test]
fn agreement_is_measured_against_the_mean_of_those_that_apply() {
    let says = |pressure_gradient_pa_m: f64, in_range: bool| Comparison {
        name: String::new(),
        pressure_gradient_pa_m,
        in_range,
        range: String::new(),
    };
    let all = [says(40.0, true), says(60.0, true), says(900.0, false)];
    assert_relative(agreement_in_range(50.0, &all).unwrap(), 1.0, 1e-12);
    assert_relative(agreement_in_range(45.0, &all).unwrap(), 0.9, 1e-12);
    assert_relative(agreement_in_range(60.0, &all).unwrap(), 0.8, 1e-12);
    assert_eq!(agreement_in_range(500.0, &all), Some(0.0));
    assert_eq!(agreement_in_range(50.0, &all[2..]), None);
}

#[test]
fn comparisons_survive_json() {
    let comparisons = compare(&WATER);
    let json = serde_json::to_string(&comparisons).unwrap();
    let read: Vec<physics::pressure_drop::Comparison> = serde_json::from_str(&json).unwrap();
    assert_eq!(read, comparisons);
}

fn cases() -> impl Strategy<Value = Conditions> {
    (
        1e-4..0.05,
        2.0..60.0,
        0.3..0.7,
        1e-5..5.0,
        0.5..2000.0,
        1e-6..0.1,
    )
        .prop_map(
            |(d, ratio, porosity, velocity, density, viscosity)| Conditions {
                particle_diameter_m: d,
                tube_diameter_m: d * ratio,
                porosity,
                superficial_velocity_m_s: velocity,
                fluid_density_kg_m3: density,
                fluid_viscosity_pa_s: viscosity,
            },
        )
}

proptest! {
    #[test]
    fn looser_beds_resist_less(case in cases(), more in 0.001..0.2) {
        let looser = Conditions { porosity: case.porosity + more, ..case };
        for gradient in ALL {
            prop_assert!(gradient(&looser) < gradient(&case));
        }
    }

    #[test]
    fn faster_flow_costs_more_than_in_proportion_and_less_than_in_square(case in cases(), times in 1.1..10.0) {
        let faster = Conditions { superficial_velocity_m_s: case.superficial_velocity_m_s * times, ..case };
        for gradient in ALL {
            let growth = gradient(&faster) / gradient(&case);
            prop_assert!(growth > times * (1.0 - 1e-9) && growth < times * times, "{growth} for {times}");
        }
    }

    #[test]
    fn beds_of_equal_reynolds_number_have_equal_friction(case in cases(), scale in 0.1..10.0_f64) {
        let similar = Conditions {
            particle_diameter_m: case.particle_diameter_m * scale,
            tube_diameter_m: case.tube_diameter_m * scale,
            superficial_velocity_m_s: case.superficial_velocity_m_s / scale,
            ..case
        };
        for gradient in ALL {
            assert_relative(gradient(&similar) * scale.powi(3), gradient(&case), 1e-9);
        }
    }
}
