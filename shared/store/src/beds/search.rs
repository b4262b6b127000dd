//! Finding beds by what they are.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::list::{KeyKind, List, Listed, Order, Page, Query, Range};
use crate::{Error, text};

/// What to look for; everything that is left out does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// In this project alone.
    pub project_id: Option<Uuid>,
    /// Made by this account.
    pub created_by: Option<Uuid>,
    /// Of this name.
    pub name: Option<String>,
    /// Name and description hold all these words, or words that begin with them.
    pub text: Option<String>,
    /// Made then.
    pub created: Range<Timestamp>,
    /// Last changed then.
    pub updated: Range<Timestamp>,
    /// What became of it.
    pub state: Option<State>,
    /// Ranges of what has a column of its own.
    pub columns: Vec<(Column, Range<f64>)>,
    /// Anything else in the specification.
    pub conditions: Vec<Condition>,
}

/// What became of a bed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It has not been packed.
    Unpacked,
    /// It has been packed.
    Packed,
    /// A simulation of it has completed.
    Simulated,
    /// A job of it waits or runs.
    Busy,
}

impl State {
    const fn condition(self) -> &'static str {
        match self {
            Self::Unpacked => "NOT EXISTS (SELECT FROM packings p WHERE p.bed_id = t.id)",
            Self::Packed => "EXISTS (SELECT FROM packings p WHERE p.bed_id = t.id)",
            Self::Simulated => {
                "EXISTS (SELECT FROM simulations s WHERE s.bed_id = t.id AND s.status = 'completed')"
            }
            Self::Busy => {
                "EXISTS (SELECT FROM jobs j WHERE j.bed_id = t.id AND j.status IN ('queued', 'running'))"
            }
        }
    }
}

/// A parameter with a column, and so an index, of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Inner diameter of the tube.
    TubeDiameter,
    /// Height of the tube.
    TubeHeight,
    /// Diameter of a particle.
    ParticleDiameter,
    /// Number of particles.
    ParticleCount,
    /// N = D/d.
    TubeToParticleRatio,
}

impl Column {
    /// Every one of them.
    pub const ALL: [Self; 5] = [
        Self::TubeDiameter,
        Self::TubeHeight,
        Self::ParticleDiameter,
        Self::ParticleCount,
        Self::TubeToParticleRatio,
    ];

    /// Its name, in the table and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TubeDiameter => "tube_diameter_m",
            Self::TubeHeight => "tube_height_m",
            Self::ParticleDiameter => "particle_diameter_m",
            Self::ParticleCount => "particle_count",
            Self::TubeToParticleRatio => "tube_to_particle_ratio",
        }
    }
}

/// A condition on one declared parameter. Block and field are words of the declaration, which is why they are static:
/// they become part of the statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The block of the specification.
    pub block: &'static str,
    /// The field in it; of a list, one value that satisfies is enough.
    pub field: &'static str,
    /// What is asked of it.
    pub test: Test,
}

/// What is asked of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// It lies in this range.
    Within(Range<f64>),
    /// It is this word, or this flag.
    Is(Value),
}

/// What beds are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// When they were made.
    Created,
    /// When they were last changed.
    Updated,
    /// Their names.
    Name,
    /// One of their numbers.
    By(Column),
}

impl Sort {
    /// What its values are.
    pub const fn kind(self) -> KeyKind {
        match self {
            Self::Created | Self::Updated => KeyKind::Time,
            Self::Name => KeyKind::Text,
            Self::By(Column::ParticleCount) => KeyKind::Whole,
            Self::By(_) => KeyKind::Real,
        }
    }

    const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Created => &["t.created_at", "t.id"],
            Self::Updated => &["t.updated_at", "t.id"],
            Self::Name => &["t.name", "t.id"],
            Self::By(Column::TubeDiameter) => &["t.tube_diameter_m", "t.id"],
            Self::By(Column::TubeHeight) => &["t.tube_height_m", "t.id"],
            Self::By(Column::ParticleDiameter) => &["t.particle_diameter_m", "t.id"],
            Self::By(Column::ParticleCount) => &["t.particle_count", "t.id"],
            Self::By(Column::TubeToParticleRatio) => &["t.tube_to_particle_ratio", "t.id"],
        }
    }
}

/// A bed in a list, without its specification.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundBed {
    /// Its id.
    pub id: Uuid,
    /// The project it belongs to.
    pub project_id: Uuid,
    /// Who made it, while the account exists.
    pub created_by: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Inner diameter of the tube.
    pub tube_diameter_m: f64,
    /// Height of the tube.
    pub tube_height_m: f64,
    /// Diameter of a particle.
    pub particle_diameter_m: f64,
    /// Number of particles.
    pub particle_count: i32,
    /// N = D/d.
    pub tube_to_particle_ratio: f64,
    /// Grows with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const COLUMNS: (&str, &str, &str) = (
    "t.id, t.project_id, t.created_by, t.name, t.description, t.tube_diameter_m, t.tube_height_m,
        t.particle_diameter_m, t.particle_count, t.tube_to_particle_ratio, t.version, t.created_at, t.updated_at",
    "beds t",
    "t.project_id",
);

/// A page of the beds that this user may see and that are as wanted.
pub async fn search(
    client: &impl GenericClient,
    user_id: Uuid,
    wanted: Search,
    (sort, descending): (Sort, bool),
    page: &Page,
) -> Result<Listed<FoundBed>, Error> {
    search_query(user_id, wanted, (sort, descending), page)
        .run(client, from_row)
        .await
}

/// The statement of [`search`].
#[doc(hidden)]
pub fn search_query(
    user_id: Uuid,
    wanted: Search,
    (sort, descending): (Sort, bool),
    page: &Page,
) -> Query {
    let mut list = List::of(user_id, wanted.project_id, COLUMNS);
    list.maybe("t.created_by = ", wanted.created_by, "");
    list.maybe("t.name = ", wanted.name, "");
    if let Some(text) = wanted.text {
        let words = "search_words(t.name || ' ' || t.description) @@ to_tsquery('simple', ";
        // Without a word nothing can be found.
        list.filter(words, text::prefix_query(&text).unwrap_or_default(), ")");
    }
    list.within("t.created_at", wanted.created);
    list.within("t.updated_at", wanted.updated);
    if let Some(state) = wanted.state {
        list.when(state.condition());
    }
    for (column, range) in wanted.columns {
        within(&mut list, column, range);
    }
    for condition in wanted.conditions {
        satisfies(&mut list, condition);
    }
    let (keys, kind) = (sort.keys(), sort.kind());
    let order = Order {
        keys,
        kind,
        descending,
    };
    list.page(order, page)
}

fn within(list: &mut List, column: Column, range: Range<f64>) {
    let name = format!("t.{}", column.as_str());
    if column == Column::ParticleCount {
        let (from, to) = (range.from.map(f64::ceil), range.to.map(f64::floor));
        let (from, to) = (from.map(whole), to.map(whole));
        list.within(&name, Range { from, to });
    } else {
        list.within(&name, range);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float outside the range saturates"
)]
fn whole(value: f64) -> i32 {
    value as i32
}

/// A JSON path looks at one value and at each of a list alike, and is never at a loss about what it finds.
fn satisfies(list: &mut List, Condition { block, field, test }: Condition) {
    let (tests, values): (&[&str], Value) = match test {
        Test::Is(value) => (&["@ == $value"], json!({ "value": value })),
        Test::Within(Range { from, to }) => {
            let tests: &[&str] = match (from, to) {
                (Some(_), Some(_)) => &["@ >= $from", "@ <= $to"],
                (Some(_), None) => &["@ >= $from"],
                (None, Some(_)) => &["@ <= $to"],
                (None, None) => return,
            };
            (tests, json!({ "from": from, "to": to }))
        }
    };
    let tests = tests.join(" && ");
    let path = format!("jsonb_path_exists(t.spec, '$.{block}.{field}[*] ? ({tests})', ");
    list.filter(&path, values, ")");
}

fn from_row(row: &Row) -> Result<FoundBed, Error> {
    Ok(FoundBed {
        id: row.try_get("id")?,
        project_id: row.try_get("project_id")?,
        created_by: row.try_get("created_by")?,
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        tube_diameter_m: row.try_get("tube_diameter_m")?,
        tube_height_m: row.try_get("tube_height_m")?,
        particle_diameter_m: row.try_get("particle_diameter_m")?,
        particle_count: row.try_get("particle_count")?,
        tube_to_particle_ratio: row.try_get("tube_to_particle_ratio")?,
        version: row.try_get("version")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
