//! What the language accepts.

use bed::{Bed, format, parse};

const MINIMAL: &str = "bed demo { geometry { diameter = 0.05m; height = 0.10m; } particles { diameter = 0.005m; count = 100; shape = sphere; } }";

fn read(source: &str) -> Bed {
    parse(source, "test.bed").unwrap_or_else(|errors| panic!("{errors}"))
}

/// The minimal bed with a flow block.
fn with_flow(flow: &str) -> Bed {
    let open = MINIMAL.strip_suffix('}').unwrap();
    read(&format!("{open} flow {{ {flow} }} }}"))
}

#[test]
fn the_shape_in_the_source_documents_is_understood() {
    assert_eq!(read(MINIMAL), Bed::new("demo", 0.05, 0.1, 0.005, 100));
}

#[test]
fn semicolons_at_the_end_of_a_line_may_be_left_out() {
    let spread = MINIMAL.replace(';', "\n").replace('{', "{\n");
    assert_eq!(read(&spread), read(MINIMAL));
}

#[test]
fn comments_are_white_space() {
    let commented = MINIMAL.replace(';', "; // here\n /* and { there } */ ");
    assert_eq!(read(&commented), read(MINIMAL));
    let tight = MINIMAL.replace("0.05m;", "0.05/**/m// tube\n");
    assert_eq!(read(&tight), read(MINIMAL));
}

#[test]
fn units_are_converted_without_a_rounding_error() {
    for (written, metres) in [
        ("9 mm", 0.009),
        ("1.1 cm", 0.011),
        ("3300 um", 0.0033),
        ("3300 µm", 0.0033),
    ] {
        let bed = read(&MINIMAL.replace("0.005m", written));
        assert_eq!(
            bed.particles.diameter_m.to_bits(),
            f64::to_bits(metres),
            "{written}"
        );
    }
}

#[test]
fn exponents_are_numbers() {
    let bed = with_flow(
        "fluid_viscosity = 1.8e-5 Pa.s; fluid_density = 1.2E0 kg/m^3; max_iterations = 2e3",
    );
    assert_eq!(
        bed.flow.fluid_viscosity_pa_s.to_bits(),
        1.8e-5_f64.to_bits()
    );
    assert_eq!(bed.flow.max_iterations, 2000);
}

#[test]
fn a_list_has_its_unit_inside_or_behind() {
    let expected = vec![0.05, 0.1];
    assert_eq!(
        with_flow("velocity = [5 cm/s, 0.1 m/s]")
            .flow
            .velocities_m_s,
        expected
    );
    assert_eq!(
        with_flow("velocity = [5, 10,] cm/s").flow.velocities_m_s,
        expected
    );
    assert_eq!(with_flow("velocity = 5 cm/s").flow.velocities_m_s, [0.05]);
}

#[test]
fn a_share_may_be_written_in_percent() {
    assert_eq!(
        with_flow("porosity_tolerance = 2 %")
            .flow
            .porosity_tolerance,
        Some(0.02)
    );
    assert_eq!(
        with_flow("contact_size = 15%").flow.contact_size,
        Some(0.15)
    );
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_do_no_harm() {
    let text = format!("\u{feff}{}", MINIMAL.replace("; ", "\r\n"));
    assert_eq!(read(&text), read(MINIMAL));
}

#[test]
fn the_formatter_writes_what_differs_from_the_defaults_in_the_shortest_unit() {
    let mut bed = with_flow("velocity = [0.001 m/s, 0.02 m/s]; fluid_viscosity = 0.001 Pa.s");
    bed.packing.seed = 7;
    let text = "bed demo {
    geometry {
        diameter = 50 mm
        height   = 0.1 m
    }

    particles {
        diameter = 5 mm
        count    = 100
    }

    packing {
        seed = 7
    }

    flow {
        fluid_viscosity = 1 mPa.s
        velocity        = [1, 20] mm/s
    }
}
";
    assert_eq!(format(&bed), text);
}
