//! Two columns under headings.

use std::fmt;

/// Width of the first column.
const LABEL: usize = 34;

/// Lines in the order they were added.
#[derive(Default)]
pub struct Table(Vec<Line>);

enum Line {
    Section(String),
    Row(String, String),
}

impl Table {
    /// Begins a group of rows.
    pub fn section(&mut self, heading: impl Into<String>) {
        self.0.push(Line::Section(heading.into()));
    }

    /// Adds a row to the group.
    pub fn row(&mut self, label: impl Into<String>, value: impl Into<String>) {
        self.0.push(Line::Row(label.into(), value.into()));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.0 {
            match line {
                Line::Section(heading) => writeln!(f, "\n{heading}")?,
                Line::Row(label, value) => writeln!(f, "  {label:LABEL$}{value}")?,
            }
        }
        Ok(())
    }
}
