//! Tables that people read.

use std::fmt::Write;

use super::{AtVelocity, Report, Simulation};

pub(super) fn of(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = head(&mut text, report);
    for simulation in &report.simulations {
        let _ = section(&mut text, simulation);
    }
    text
}

fn head(text: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(text, "# {} v{}\n", report.kind, report.version)?;
    writeln!(text, "- submission: {}", report.submission_id)?;
    writeln!(text, "- status: {}", report.status)?;
    if let Some(finished_at) = report.finished_at {
        writeln!(text, "- finished: {finished_at}")?;
    }
    Ok(())
}

fn section(text: &mut String, simulation: &Simulation) -> std::fmt::Result {
    writeln!(text, "\n## {}\n", plain(&simulation.bed))?;
    writeln!(
        text,
        "- simulation: {} ({}, {})",
        simulation.id, simulation.regime, simulation.status
    )?;
    if let Some(packing) = &simulation.packing {
        writeln!(text, "- particles inside: {}", packing.particles_inside)?;
        writeln!(text, "- bed height: {} m", packing.bed_height_m)?;
        writeln!(text, "- porosity: {}", packing.bulk_porosity)?;
        if let Some(core) = packing.core_porosity {
            writeln!(text, "- porosity away from the wall: {core}")?;
        }
        writeln!(
            text,
            "- contacts per particle: {}",
            packing.mean_coordination
        )?;
    }
    for at in &simulation.velocities {
        flow(text, at)?;
    }
    Ok(())
}

fn flow(text: &mut String, at: &AtVelocity) -> std::fmt::Result {
    writeln!(text, "\n### {} m/s\n", at.superficial_velocity_m_s)?;
    writeln!(text, "| quantity | value | unit | ± |\n|---|---:|---|---:|")?;
    for (name, number) in &at.quantities {
        let band = number
            .uncertainty
            .map_or_else(String::new, |it| it.to_string());
        writeln!(
            text,
            "| {name} | {} | {} | {band} |",
            number.value, number.unit
        )?;
    }
    if at.comparisons.is_empty() {
        return Ok(());
    }
    writeln!(
        text,
        "\n| correlation | Pa/m | computed/this | in range | range |\n|---|---:|---:|---|---|"
    )?;
    for it in &at.comparisons {
        let ratio = it
            .computed_over_predicted
            .map_or_else(String::new, |it| format!("{it:.3}"));
        let (name, range) = (plain(&it.name), plain(&it.range));
        let in_range = if it.in_range { "yes" } else { "no" };
        let gradient = it.pressure_gradient_pa_m;
        writeln!(
            text,
            "| {name} | {gradient} | {ratio} | {in_range} | {range} |"
        )?;
    }
    Ok(())
}

/// What would end a cell or a line of a table does not.
fn plain(text: &str) -> String {
    text.replace('|', "\\|").replace(['\r', '\n'], " ")
}
