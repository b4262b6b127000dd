//! TLS to a managed Postgres, decided by the URL alone: `sslmode` and `sslrootcert`.
//!
//! Whenever TLS is used the certificate and the host name are verified, also under `require`: an unverified
//! connection protects against nobody who can stand in the middle. Sockets and `sslmode=disable` use none.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;

/// A URL taken apart: what tokio-postgres understands, and the certificate file it does not know about.
pub(crate) struct Target {
    pub config: Config,
    root_certificate: Option<String>,
}

/// Reads a URL; `verify-ca` and `verify-full` mean `require`, which verifies everything here.
pub(crate) fn parse(url: &str) -> Result<Target, Error> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let mut root_certificate = None;
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslrootcert", path)) => root_certificate = Some(path.replace("%2F", "/")),
            Some(("sslmode", "verify-ca" | "verify-full")) => kept.push("sslmode=require"),
            _ => kept.push(pair),
        }
    }
    let rest = if kept.is_empty() {
        String::new()
    } else {
        format!("?{}", kept.join("&"))
    };
    // The parser's message names the bad part, never the password.
    let config: Config = format!("{base}{rest}")
        .parse()
        .map_err(|error: tokio_postgres::Error| Error::Settings(words(&error)))?;
    Ok(Target {
        config,
        root_certificate,
    })
}

fn words(error: &dyn std::error::Error) -> String {
    error
        .source()
        .map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

impl Target {
    /// Whether a connection could ever be encrypted. `prefer`, the default, means no for loopback and sockets, and
    /// yes elsewhere: nothing leaves the machine in the clear unless the URL says so.
    pub fn wants_tls(&self) -> bool {
        match self.config.get_ssl_mode() {
            SslMode::Disable => false,
            SslMode::Prefer => !self.config.get_hosts().iter().all(is_local),
            _ => true,
        }
    }

    /// The file of certificates that the URL names.
    pub fn root_certificate(&self) -> Option<&str> {
        self.root_certificate.as_deref()
    }

    /// The connector, with the certificates of the URL's file or else of the machine.
    pub fn connector(&self) -> Result<MakeRustlsConnect, Error> {
        let roots = match &self.root_certificate {
            Some(path) => from_file(path)?,
            None => of_machine()?,
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Settings(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(MakeRustlsConnect::new(config))
    }
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    }
}

fn from_file(path: &str) -> Result<RootCertStore, Error> {
    let bad = |error: &dyn std::fmt::Display| {
        Error::Settings(format!("certificate file {path}: {error}"))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| bad(&error))? {
        roots
            .add(certificate.map_err(|error| bad(&error))?)
            .map_err(|error| bad(&error))?;
    }
    if roots.is_empty() {
        Err(bad(&"no certificate in it"))
    } else {
        Ok(roots)
    }
}

fn of_machine() -> Result<RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err(Error::Settings(
            "this machine has no certificate authorities; set sslrootcert".to_owned(),
        ));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Target {
        parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    #[test]
    fn loopback_and_sockets_use_no_tls_unless_asked() {
        assert!(!target("postgres://a@127.0.0.1/x").wants_tls());
        assert!(!target("postgres://a@localhost/x").wants_tls());
        assert!(!target("postgres://a@/x?host=/run/socket").wants_tls());
        assert!(target("postgres://a@127.0.0.1/x?sslmode=require").wants_tls());
    }

    #[test]
    fn another_machine_is_reached_over_tls_unless_disabled() {
        assert!(target("postgres://a@db.example/x").wants_tls());
        assert!(
            target("postgres://a@db.example/x?sslmode=verify-full&connect_timeout=3").wants_tls()
        );
        assert!(!target("postgres://a@db.example/x?sslmode=disable").wants_tls());
    }

    #[test]
    fn anything_but_a_silent_downgrade_is_possible() {
        let mut preferred = target("postgres://a@db.example/x");
        crate::connect::harden(&mut preferred);
        assert_eq!(preferred.config.get_ssl_mode(), SslMode::Require);
    }

    #[test]
    fn a_missing_certificate_file_is_named() {
        let target =
            target("postgres://a@db.example/x?sslmode=verify-full&sslrootcert=%2Fno%2Fsuch.pem");
        let error = target
            .connector()
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(error.contains("/no/such.pem"), "{error}");
    }

    #[test]
    fn a_bad_url_never_shows_its_password() {
        let error = parse("postgres://a:secret@h/x?sslmode=maybe")
            .err()
            .map(|error| error.to_string());
        let error = error.unwrap_or_default();
        assert!(
            error.contains("sslmode") && !error.contains("secret"),
            "{error}"
        );
    }
}
