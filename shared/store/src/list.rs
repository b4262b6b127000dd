//! Lists that people search: a page in any whitelisted order, found by walking an index. The text of such a statement is
//! put together from words of this crate and numbers of rows; whatever else comes from outside is a parameter.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

mod cursor;

pub use cursor::{Cursor, Key, KeyKind, is_storable};

use crate::Error;

/// Statements with more conditions than this are rare and of many forms, so that no connection keeps them prepared.
const KEPT_CONDITIONS: usize = 2;
/// So are those for other numbers of rows than people ask for again and again.
const KEPT_LIMITS: [i64; 4] = [20, 50, 100, 500];

/// Which part of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Rows, at least one.
    pub limit: i64,
    /// Rows that are passed over; a cursor reaches any depth at no cost, this does not.
    pub offset: i64,
    /// The end of the page before.
    pub after: Option<Cursor>,
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none at the end.
    pub next: Option<Cursor>,
}

/// A range that may be open at either end; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range<T> {
    /// The least value.
    pub from: Option<T>,
    /// The greatest value.
    pub to: Option<T>,
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
        }
    }
}

/// How a list is sorted: columns of which the last ones make every row different, all in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    /// The column that is asked for, then the ids: at most three.
    pub keys: &'static [&'static str],
    /// What the first column holds.
    pub kind: KeyKind,
    /// Greatest first.
    pub descending: bool,
}

/// A list statement in the making.
pub(crate) struct List {
    project_id: Option<Uuid>,
    columns: &'static str,
    from: &'static str,
    project: &'static str,
    conditions: String,
    count: usize,
    values: Vec<Value>,
}

type Value = Box<dyn ToSql + Sync + Send>;

impl List {
    /// `columns` of the rows of `from` that this user may see; `project` is the column that says where a row belongs.
    pub fn of(
        user_id: Uuid,
        project_id: Option<Uuid>,
        (columns, from, project): (&'static str, &'static str, &'static str),
    ) -> Self {
        Self {
            project_id,
            columns,
            from,
            project,
            conditions: String::new(),
            count: 0,
            values: vec![Box::new(user_id)],
        }
    }

    /// Only rows for which this holds, said without a value.
    pub fn when(&mut self, condition: &str) {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
        self.count += 1;
    }

    /// Only rows for which `before`, the value and `after` hold.
    pub fn filter(&mut self, before: &str, value: impl ToSql + Sync + Send + 'static, after: &str) {
        let place = self.bind(value);
        self.when(&format!("{before}{place}{after}"));
    }

    /// The same, if there is a value.
    pub fn maybe<T: ToSql + Sync + Send + 'static>(
        &mut self,
        before: &str,
        value: Option<T>,
        after: &str,
    ) {
        if let Some(value) = value {
            self.filter(before, value, after);
        }
    }

    /// Only rows whose `column` lies in the range.
    pub fn within<T: ToSql + Sync + Send + 'static>(&mut self, column: &str, range: Range<T>) {
        self.maybe(&format!("{column} >= "), range.from, "");
        self.maybe(&format!("{column} <= "), range.to, "");
    }

    fn bind(&mut self, value: impl ToSql + Sync + Send + 'static) -> String {
        self.values.push(Box::new(value));
        format!("${}", self.values.len())
    }

    /// The statement. In one project it walks along one index; elsewhere it takes the best rows of every project that the
    /// user may see, and sorts those. How many rows it takes stands in it: Postgres keeps no plan that does not know, and
    /// planning takes longer than the rest.
    pub fn page(mut self, order: Order, page: &Page) -> Query {
        let is_kept =
            self.count <= KEPT_CONDITIONS && page.offset == 0 && KEPT_LIMITS.contains(&page.limit);
        if let Some(cursor) = &page.after {
            self.begin_after(order, cursor);
        }
        let (limit, offset) = (page.limit + 1, page.offset);
        let Self {
            columns,
            from,
            project,
            ..
        } = self;
        let keys = named(order.keys);
        let direction = if order.descending { " DESC" } else { "" };
        let sorted = listed(order.keys, direction);
        let text = if let Some(project_id) = self.project_id {
            let place = self.bind(project_id);
            format!(
                "SELECT {columns}, {keys} FROM {from}
                 WHERE {project} = {place} AND (SELECT project_role($1, {place})) IS NOT NULL{}
                 ORDER BY {sorted} LIMIT {limit} OFFSET {offset}",
                self.conditions
            )
        } else {
            let best = limit + offset;
            let again = listed(&["k1", "k2", "k3"][..order.keys.len()], direction);
            format!(
                "SELECT found.* FROM (
                    SELECT m.project_id FROM project_members m WHERE m.user_id = $1
                    UNION SELECT p.id FROM projects p WHERE (SELECT u.role = 'admin' FROM users u WHERE u.id = $1)
                 ) visible CROSS JOIN LATERAL (
                    SELECT {columns}, {keys} FROM {from} WHERE {project} = visible.project_id{}
                    ORDER BY {sorted} LIMIT {best}
                 ) found ORDER BY {again} LIMIT {limit} OFFSET {offset}",
                self.conditions
            )
        };
        Query {
            text,
            values: self.values,
            is_kept,
            order,
            limit: usize::try_from(page.limit).unwrap_or(usize::MAX),
        }
    }

    fn begin_after(&mut self, order: Order, cursor: &Cursor) {
        let side = if order.descending { '<' } else { '>' };
        let mut places = vec![match cursor.key.clone() {
            Key::Real(value) => self.bind(value),
            Key::Whole(value) => self.bind(value),
            Key::Text(value) => self.bind(value),
            Key::Time(value) => self.bind(value),
        }];
        places.push(self.bind(cursor.id));
        if order.keys.len() > 2 {
            places.push(self.bind(cursor.index));
        }
        let (keys, places) = (order.keys.join(", "), places.join(", "));
        self.when(&format!("({keys}) {side} ({places})"));
    }
}

fn named(keys: &[&str]) -> String {
    let named = (1..).zip(keys).map(|(n, key)| format!("{key} AS k{n}"));
    named.collect::<Vec<_>>().join(", ")
}

fn listed(keys: &[&str], direction: &str) -> String {
    let listed = keys.iter().map(|key| format!("{key}{direction}"));
    listed.collect::<Vec<_>>().join(", ")
}

/// A list statement and its parameters.
pub struct Query {
    text: String,
    values: Vec<Value>,
    is_kept: bool,
    order: Order,
    limit: usize,
}

impl Query {
    /// Sends it and reads the rows.
    pub(crate) async fn run<T>(
        self,
        client: &impl GenericClient,
        read: impl Fn(&Row) -> Result<T, Error>,
    ) -> Result<Listed<T>, Error> {
        let mut found = if self.is_kept {
            let statement = client.prepare_cached(&self.text).await?;
            client.query(&statement, &self.parameters()).await?
        } else {
            client.query(&self.text, &self.parameters()).await?
        };
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        let last = found.last().filter(|_| more);
        Ok(Listed {
            next: last.map(|row| self.cursor(row)).transpose()?,
            rows: found.iter().map(read).collect::<Result<_, _>>()?,
        })
    }

    fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.values.iter().map(|value| &**value as _).collect()
    }

    fn cursor(&self, row: &Row) -> Result<Cursor, Error> {
        Ok(Cursor {
            key: match self.order.kind {
                KeyKind::Real => Key::Real(row.try_get("k1")?),
                KeyKind::Whole => Key::Whole(row.try_get("k1")?),
                KeyKind::Text => Key::Text(row.try_get("k1")?),
                KeyKind::Time => Key::Time(row.try_get::<_, Timestamp>("k1")?),
            },
            id: row.try_get("k2")?,
            index: if self.order.keys.len() > 2 {
                row.try_get("k3")?
            } else {
                0
            },
        })
    }

    /// How Postgres would carry it out: for the tests that hold every list to an index.
    #[doc(hidden)]
    pub async fn plan(&self, client: &impl GenericClient) -> Result<String, Error> {
        let explain = format!("EXPLAIN {}", self.text);
        let rows = client.query(&explain, &self.parameters()).await?;
        let lines: Vec<String> = rows
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()?;
        Ok(lines.join("\n"))
    }
}
