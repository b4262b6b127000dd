//! Whole databases on one server: made, copied and dropped by set-up programs and tests, never by the service.

use crate::{Error, connect};

/// The URL of another database on the same server.
pub fn sibling(url: &str, name: &str) -> Result<String, Error> {
    let (base, query) = url
        .split_once('?')
        .map_or((url, String::new()), |(base, query)| {
            (base, format!("?{query}"))
        });
    match base.rsplit_once('/') {
        Some((server, _)) if server.contains("//") => Ok(format!("{server}/{name}{query}")),
        _ => Err(Error::Settings("the URL names no database".to_owned())),
    }
}

/// Whether the server has a database of that name.
pub async fn exists(url: &str, name: &str) -> Result<bool, Error> {
    let client = connect::single(url).await?;
    Ok(client
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await?
        .is_some())
}

/// Makes a database, as a copy if a template is named. Nobody may be connected to the template.
pub async fn create(url: &str, name: &str, template: Option<&str>) -> Result<(), Error> {
    let (name, template) = (checked(name)?, checked(template.unwrap_or("template1"))?);
    command(url, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await
}

/// Gives a database its final name, which tells others that it is complete.
pub async fn rename(url: &str, from: &str, to: &str) -> Result<(), Error> {
    command(
        url,
        &format!(
            "ALTER DATABASE {} RENAME TO {}",
            checked(from)?,
            checked(to)?
        ),
    )
    .await
}

/// Drops a database if it is there, whoever is connected to it.
pub async fn drop(url: &str, name: &str) -> Result<(), Error> {
    command(
        url,
        &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", checked(name)?),
    )
    .await
}

/// Names cannot be parameters, so only plain ones are let through.
fn checked(name: &str) -> Result<&str, Error> {
    let plain = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '_');
    if !name.is_empty() && name.len() < 64 && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(Error::Settings(format!(
            "`{name}` is no name for a database"
        )))
    }
}

async fn command(url: &str, statement: &str) -> Result<(), Error> {
    Ok(connect::single(url).await?.batch_execute(statement).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sibling_keeps_everything_but_the_name() {
        let url = sibling("postgres://a:b@h:1/x?host=/run/y&port=5", "z").unwrap_or_default();
        assert_eq!(url, "postgres://a:b@h:1/z?host=/run/y&port=5");
    }

    #[test]
    fn a_name_that_is_more_than_a_name_is_refused() {
        for name in ["", "a; DROP", "\"x\"", "Übel"] {
            assert!(checked(name).is_err(), "{name}");
        }
    }
}
