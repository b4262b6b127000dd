//! Whole databases on one server: made, copied and dropped by set-up programs and tests, never by the service.

use tokio_postgres::config::Host;

use crate::{Error, connect, tls};

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

/// Whether there is no table yet: a restored backup may only become a whole database, never a part of one.
pub async fn is_empty(url: &str) -> Result<bool, Error> {
    let tables = "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') LIMIT 1";
    let client = connect::single(url).await?;
    Ok(client.query_opt(tables, &[]).await?.is_none())
}

/// The role of the application, which belongs to the server and so is in no dump. As the migration that makes it.
const ROLE: [&str; 2] = [
    "DO $$ BEGIN
        CREATE ROLE leito_app NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$",
    "DO $$ BEGIN
        IF NOT pg_has_role(current_user, 'leito_app', 'MEMBER') THEN
            EXECUTE format('GRANT leito_app TO %I', current_user);
        END IF;
    EXCEPTION WHEN unique_violation THEN NULL;
    END $$",
];
/// What a dump says of an owner who may have another name here: rights on tables still to come.
const RIGHTS: [&str; 2] = [
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO leito_app",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO leito_app",
];

/// Makes what a dump refers to: call it before one is restored.
pub async fn before_restore(url: &str) -> Result<(), Error> {
    let client = connect::single(url).await?;
    for statement in ROLE {
        client.batch_execute(statement).await?;
    }
    Ok(())
}

/// Makes what a dump does not hold: call it after one was restored and before migrations.
pub async fn after_restore(url: &str) -> Result<(), Error> {
    let client = connect::single(url).await?;
    for statement in RIGHTS {
        client.batch_execute(statement).await?;
    }
    Ok(())
}

/// The variables with which Postgres's own programs reach the database: their arguments are seen by everybody on the
/// machine, their environment is not.
pub fn environment(url: &str) -> Result<Vec<(&'static str, String)>, Error> {
    let target = tls::parse(url)?;
    let config = &target.config;
    let text = |value: Option<&str>| value.map(ToOwned::to_owned);
    let host = config.get_hosts().first().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.to_string_lossy().into_owned(),
    });
    let password = config.get_password();
    let found = [
        ("PGHOST", host),
        ("PGPORT", config.get_ports().first().map(u16::to_string)),
        ("PGUSER", text(config.get_user())),
        (
            "PGPASSWORD",
            password.map(|word| String::from_utf8_lossy(word).into_owned()),
        ),
        ("PGDATABASE", text(config.get_dbname())),
        (
            "PGSSLMODE",
            target.wants_tls().then(|| "verify-full".to_owned()),
        ),
        (
            "PGSSLROOTCERT",
            target.wants_tls().then(|| {
                target
                    .root_certificate()
                    .unwrap_or("/etc/ssl/certs/ca-certificates.crt")
                    .to_owned()
            }),
        ),
    ];
    Ok(found
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
        .collect())
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
    fn other_programs_are_told_the_address_in_their_environment() {
        let told =
            environment("postgres://ada:word@/beds?host=%2Frun%2Fdb&port=5433").unwrap_or_default();
        let expected = [
            ("PGHOST", "/run/db"),
            ("PGPORT", "5433"),
            ("PGUSER", "ada"),
            ("PGPASSWORD", "word"),
            ("PGDATABASE", "beds"),
        ];
        assert_eq!(told, expected.map(|(name, value)| (name, value.to_owned())));
        let remote =
            environment("postgres://ada@db.example/beds?sslmode=verify-full").unwrap_or_default();
        assert!(
            remote.contains(&("PGSSLMODE", "verify-full".to_owned())),
            "{remote:?}"
        );
    }

    #[test]
    fn a_name_that_is_more_than_a_name_is_refused() {
        for name in ["", "a; DROP", "\"x\"", "Übel"] {
            assert!(checked(name).is_err(), "{name}");
        }
    }
}
