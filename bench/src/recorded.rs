//! What a request makes Postgres do: its statements and their parameters, as the server's own log has them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use store::Store;

/// How long a new setting takes to reach every connection, and a line the log.
const SETTLE: Duration = Duration::from_millis(300);

/// A statement that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    session: String,
    /// Its text, with `$1` and so on.
    pub sql: String,
    /// Their values as text; none for null.
    pub parameters: Vec<Option<String>>,
}

/// Writes down what is carried out while `request` runs, for the session that carries out something with `mark` among
/// its parameters: others have other work.
pub async fn statements<T>(
    store: &Store,
    log: &Path,
    request: impl Future<Output = Result<T>>,
    mark: &str,
) -> Result<Vec<Statement>> {
    log_statements(store, "'all'").await?;
    let before = fs::read_to_string(log)?.len();
    request.await?;
    tokio::time::sleep(SETTLE).await;
    let written = fs::read_to_string(log)?;
    log_statements(store, "DEFAULT").await?;
    let all = read(written.get(before..).unwrap_or_default());
    let marked = |it: &&Statement| it.parameters.iter().flatten().any(|value| value == mark);
    let session = all.iter().find(marked);
    let session = session
        .context("the log has no such statement")?
        .session
        .clone();
    Ok(all.into_iter().filter(|it| it.session == session).collect())
}

async fn log_statements(store: &Store, which: &str) -> Result<()> {
    let client = store.client().await?;
    for command in [
        "RESET ROLE",
        &format!("ALTER SYSTEM SET log_statement = {which}"),
        "SELECT pg_reload_conf()",
    ] {
        client
            .batch_execute(command)
            .await
            .map_err(store::Error::from)?;
    }
    tokio::time::sleep(SETTLE).await;
    Ok(())
}

/// The statements in a piece of log. Further lines of a record begin with a tab.
fn read(log: &str) -> Vec<Statement> {
    let mut records: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), records.last_mut()) {
            (Some(more), Some(record)) => {
                record.push('\n');
                record.push_str(more);
            }
            _ => records.push(line.to_owned()),
        }
    }
    let mut found: Vec<Statement> = Vec::new();
    for record in &records {
        let Some((head, said)) = record.split_once("] ") else {
            continue;
        };
        let session = head.rsplit('[').next().unwrap_or_default();
        if let Some(sql) = carried_out(said) {
            found.push(Statement {
                session: session.to_owned(),
                sql: sql.to_owned(),
                parameters: Vec::new(),
            });
        } else if let Some(list) = said.strip_prefix("DETAIL:  parameters: ")
            && let Some(last) = found.last_mut()
        {
            last.parameters = values(list);
        }
    }
    found
}

fn carried_out(said: &str) -> Option<&str> {
    let said = said.strip_prefix("LOG:  ")?;
    said.strip_prefix("statement: ").or_else(|| {
        let (_name, sql) = said.strip_prefix("execute ")?.split_once(": ")?;
        Some(sql)
    })
}

/// `$1 = 'it''s', $2 = NULL`.
fn values(list: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut rest = list;
    while let Some((_, value)) = rest.split_once(" = ") {
        if let Some(quoted) = value.strip_prefix('\'') {
            let (text, after) = unquoted(quoted);
            found.push(Some(text));
            rest = after;
        } else {
            found.push(None);
            rest = value;
        }
    }
    found
}

/// The text up to the closing quote, and what follows.
fn unquoted(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut rest = quoted;
    while let Some((before, after)) = rest.split_once('\'') {
        text.push_str(before);
        match after.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return (text, after),
        }
    }
    (text + rest, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read_from_the_log_with_their_values() {
        let log = "2026-01-01 00:00:00.000 UTC [12] LOG:  statement: BEGIN\n\
            2026-01-01 00:00:00.001 UTC [12] LOG:  execute s4: SELECT a\n\tFROM b WHERE c = $1 AND d = $2\n\
            2026-01-01 00:00:00.001 UTC [12] DETAIL:  parameters: $1 = 'it''s = $2', $2 = NULL, $3 = '7'\n";
        let found = read(log);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].sql, "BEGIN");
        assert_eq!(found[1].sql, "SELECT a\nFROM b WHERE c = $1 AND d = $2");
        let values: Vec<_> = found[1].parameters.iter().map(Option::as_deref).collect();
        assert_eq!(values, [Some("it's = $2"), None, Some("7")]);
        assert_eq!(found[1].session, "12");
    }
}
