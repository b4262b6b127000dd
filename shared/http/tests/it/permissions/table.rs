//! The table as people read it.

pub const ROLES: [&str; 6] = [
    "anonymous",
    "stranger",
    "viewer",
    "editor",
    "owner",
    "admin",
];

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Method and path as in the document: `GET /beds/{id}`.
    pub operation: String,
    /// The method alone.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The body.
    pub sends: Option<String>,
    /// What comes of it for each of [`ROLES`]: `yes`, or the status of the refusal.
    pub cells: Vec<String>,
}

impl Row {
    /// The row with these cells, as the page writes it.
    pub fn with(&self, cells: &[String]) -> String {
        let sends = self
            .sends
            .as_ref()
            .map_or(String::new(), |it| format!("`{it}`"));
        let (method, target) = (&self.method, &self.target);
        format!("| `{method} {target}` | {sends} | {} |", cells.join(" | "))
    }
}

/// All rows of the page.
pub fn rows() -> Vec<Row> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/permissions.md");
    let text = std::fs::read_to_string(page).unwrap();
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(row)
        .collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
    assert_eq!(cells.len(), 2 + ROLES.len(), "{line}");
    let plain = |cell: &str| cell.trim_matches('`').to_owned();
    let whole = plain(cells[0]);
    let (method, target) = whole.split_once(' ').expect(line);
    let path = target.split('?').next().unwrap_or_default();
    Row {
        operation: format!("{method} {path}"),
        method: method.to_owned(),
        target: target.to_owned(),
        sends: Some(plain(cells[1])).filter(|body| !body.is_empty()),
        cells: cells[2..].iter().map(|&cell| cell.to_owned()).collect(),
    }
}
