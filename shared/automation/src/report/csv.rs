//! One number a line, so that a new quantity is a new line and no new column.

use std::fmt::Write;

use super::{Report, Simulation};

const HEAD: &str = "bed,simulation_id,status,superficial_velocity_m_s,source,quantity,value,unit,uncertainty,in_range\r\n";
/// The source of what was computed here.
const COMPUTED: &str = "computed";

pub(super) fn of(report: &Report) -> String {
    let mut text = HEAD.to_owned();
    for simulation in &report.simulations {
        packing(&mut text, simulation);
        flows(&mut text, simulation);
    }
    text
}

/// A simulation without numbers has one line that says how it ended.
fn packing(text: &mut String, simulation: &Simulation) {
    let Some(packing) = &simulation.packing else {
        if simulation.velocities.is_empty() {
            line(text, simulation, None, ["", "", "", "", "", ""]);
        }
        return;
    };
    let numbers = [
        ("bed_height_m", Some(packing.bed_height_m), "m"),
        ("bulk_porosity", Some(packing.bulk_porosity), ""),
        ("core_porosity", packing.core_porosity, ""),
        ("mean_coordination", Some(packing.mean_coordination), ""),
    ];
    for (quantity, value, unit) in numbers {
        if let Some(value) = value {
            let value = value.to_string();
            line(
                text,
                simulation,
                None,
                [COMPUTED, quantity, &value, unit, "", ""],
            );
        }
    }
}

fn flows(text: &mut String, simulation: &Simulation) {
    for at in &simulation.velocities {
        let velocity = Some(at.superficial_velocity_m_s);
        for (quantity, number) in &at.quantities {
            let band = number
                .uncertainty
                .map_or_else(String::new, |it| it.to_string());
            let value = number.value.to_string();
            let cells = [COMPUTED, quantity, &value, &number.unit, &band, ""];
            line(text, simulation, velocity, cells);
        }
        for it in &at.comparisons {
            let value = it.pressure_gradient_pa_m.to_string();
            let in_range = if it.in_range { "true" } else { "false" };
            let cells = [
                &it.name,
                "pressure_gradient_pa_m",
                &value,
                "Pa/m",
                "",
                in_range,
            ];
            line(text, simulation, velocity, cells);
        }
    }
}

fn line(text: &mut String, simulation: &Simulation, velocity: Option<f64>, cells: [&str; 6]) {
    let velocity = velocity.map_or_else(String::new, |it| it.to_string());
    let id = simulation.id.to_string();
    let first = [&simulation.bed, &id, &simulation.status, &velocity];
    let all: Vec<_> = first
        .into_iter()
        .map(String::as_str)
        .chain(cells)
        .map(cell)
        .collect();
    // Writing to a string does not fail.
    let _ = write!(text, "{}\r\n", all.join(","));
}

fn cell(value: &str) -> String {
    if value.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}
