//! A comparison for a spreadsheet.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use csv::Writer;
use leito_http::Problem;

use super::table::{Column, Comparison, Row};

const FIRST: [&str; 5] = [
    "simulation_id",
    "bed",
    "status",
    "regime",
    "superficial_velocity [m/s]",
];

/// The table as a file.
pub fn answer(table: &Comparison) -> Result<Response, Problem> {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"comparison.csv\"",
        ),
        (header::VARY, "accept"),
    ];
    Ok((headers, written(table).map_err(Problem::internal)?).into_response())
}

fn written(table: &Comparison) -> Result<Vec<u8>, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    let names = table.quantities.iter().flat_map(titles);
    writer.write_record(FIRST.map(str::to_owned).into_iter().chain(names))?;
    for row in &table.rows {
        writer.write_record(record(row))?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// A quantity and its uncertainty, with the unit: `pressure_drop_pa [Pa]`.
fn titles(column: &Column) -> [String; 2] {
    let unit = if column.unit.is_empty() {
        "-"
    } else {
        &column.unit
    };
    [
        text(&format!("{} [{unit}]", column.name)),
        text(&format!("{} uncertainty [{unit}]", column.name)),
    ]
}

fn record(row: &Row) -> Vec<String> {
    let number = |value: &Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let mut record = vec![
        row.simulation_id.to_string(),
        text(&row.bed_name),
        text(&row.status),
        text(&row.regime),
        number(&row.superficial_velocity_m_s),
    ];
    let pairs = row.values.iter().zip(&row.uncertainties);
    record.extend(pairs.flat_map(|(value, uncertainty)| [number(value), number(uncertainty)]));
    record
}

/// Text that no spreadsheet takes for a formula.
fn text(plain: &str) -> String {
    if plain.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{plain}")
    } else {
        plain.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_begins_like_a_formula_stays_one() {
        for hostile in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"] {
            assert_eq!(text(hostile), format!("'{hostile}"));
        }
        assert_eq!(text("demo-2"), "demo-2");
    }
}
