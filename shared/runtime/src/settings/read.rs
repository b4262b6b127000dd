//! Reads one variable at a time and remembers what was wrong.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use tracing_subscriber::filter::Targets;

use crate::{Error, Malformed};

type Lookup<'a> = dyn Fn(&'static str) -> Result<Option<String>, String> + 'a;

pub(super) struct Reader<'a> {
    lookup: Box<Lookup<'a>>,
    problems: Vec<Malformed>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        lookup: impl Fn(&'static str) -> Result<Option<String>, String> + 'a,
    ) -> Self {
        Self {
            lookup: Box::new(lookup),
            problems: Vec::new(),
        }
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, Error> {
        if self.problems.is_empty() {
            Ok(value)
        } else {
            Err(Error::Environment(self.problems))
        }
    }

    pub(super) fn refuse(&mut self, variable: &'static str, problem: impl Into<String>) {
        self.problems.push(Malformed {
            variable,
            problem: problem.into(),
        });
    }

    /// Refuses a missing variable, unless it is there and was refused already for what it holds.
    pub(super) fn refuse_unless_told<T>(
        &mut self,
        variable: &'static str,
        problem: String,
    ) -> Option<T> {
        if !self.problems.iter().any(|told| told.variable == variable) {
            self.refuse(variable, problem);
        }
        None
    }

    /// Whether there is such a variable, good or bad.
    pub(super) fn is_set(&self, variable: &'static str) -> bool {
        !matches!((self.lookup)(variable), Ok(None))
    }

    /// Refuses a variable that is not there, unless that was told already.
    pub(super) fn demand(&mut self, variable: &'static str, problem: &str) {
        if !self.is_set(variable) {
            self.refuse_unless_told::<()>(variable, problem.to_owned());
        }
    }

    /// The variable's text; a blank one is a mistake in whatever set it, not a way of leaving it out.
    pub(super) fn text(&mut self, variable: &'static str) -> Option<String> {
        match (self.lookup)(variable) {
            Ok(None) => None,
            Ok(Some(text)) if text.trim().is_empty() => {
                self.refuse(variable, "is empty: give it a value or unset it");
                None
            }
            Ok(Some(text)) => Some(text.trim().to_owned()),
            Err(problem) => {
                self.refuse(variable, problem);
                None
            }
        }
    }

    fn checked<T>(
        &mut self,
        variable: &'static str,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(variable)?;
        check(&text)
            .map_err(|problem| self.refuse(variable, problem))
            .ok()
    }

    pub(super) fn whole<T>(
        &mut self,
        variable: &'static str,
        range: RangeInclusive<u64>,
    ) -> Option<T>
    where
        T: TryFrom<u64>,
    {
        self.checked(variable, |text| {
            let (low, high) = (range.start(), range.end());
            let number = text
                .parse::<u64>()
                .ok()
                .filter(|number| range.contains(number));
            number
                .and_then(|number| T::try_from(number).ok())
                .ok_or_else(|| format!("is `{text}`, not a whole number from {low} to {high}"))
        })
    }

    pub(super) fn http_url(&mut self, variable: &'static str) -> Option<String> {
        self.checked(variable, |text| {
            let rest = text
                .strip_prefix("http://")
                .or_else(|| text.strip_prefix("https://"));
            match rest {
                Some(rest)
                    if rest.starts_with(|first: char| {
                        first.is_ascii_alphanumeric() || first == '['
                    }) =>
                {
                    Ok(text.to_owned())
                }
                _ => Err(
                    "is not an address that begins with http:// or https:// and a host".to_owned(),
                ),
            }
        })
    }

    /// Required, and never echoed: it holds a password.
    pub(super) fn postgres_url(&mut self, variable: &'static str) -> Option<String> {
        let url = self.checked(variable, |text| {
            let known = text.starts_with("postgres://") || text.starts_with("postgresql://");
            known
                .then(|| text.to_owned())
                .ok_or_else(|| "does not begin with postgres://".to_owned())
        });
        url.or_else(|| {
            self.refuse_unless_told(variable, "is missing: where is Postgres?".to_owned())
        })
    }

    /// Never echoed.
    pub(super) fn secret(&mut self, variable: &'static str) -> Option<String> {
        const LEAST: usize = 32;
        self.checked(variable, |text| {
            let long_enough = text.len() >= LEAST;
            long_enough
                .then(|| text.to_owned())
                .ok_or_else(|| format!("is shorter than {LEAST} characters"))
        })
    }

    /// Bucket names as S3 allows them.
    pub(super) fn bucket(&mut self, variable: &'static str) -> Option<String> {
        self.checked(variable, |text| {
            let allowed = |letter: char| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter)
            };
            let edges_ok = !text.starts_with(['-', '.']) && !text.ends_with(['-', '.']);
            if (3..=63).contains(&text.len()) && text.chars().all(allowed) && edges_ok {
                Ok(text.to_owned())
            } else {
                Err(format!(
                    "is `{text}`, not a bucket name (3 to 63 of a-z, 0-9, `-` and `.`)"
                ))
            }
        })
    }

    pub(super) fn absolute_path(&mut self, variable: &'static str) -> Option<PathBuf> {
        self.checked(variable, |text| {
            let path = PathBuf::from(text);
            path.is_absolute()
                .then_some(path)
                .ok_or_else(|| format!("is `{text}`, not an absolute path"))
        })
    }

    /// Until accounts exist nothing may be reached from another machine.
    pub(super) fn loopback(&mut self, variable: &'static str) -> Option<SocketAddr> {
        self.checked(variable, |text| match text.parse::<SocketAddr>() {
            Ok(address) if address.ip().is_loopback() => Ok(address),
            Ok(_) => Err(format!(
                "is `{text}`, which other machines could reach: only loopback is served"
            )),
            Err(_) => Err(format!(
                "is `{text}`, not an address such as 127.0.0.1:8080"
            )),
        })
    }

    pub(super) fn log_filter(&mut self, variable: &'static str) -> Option<Targets> {
        self.checked(variable, |text| match text.parse() {
            Ok(filter) => Ok(filter),
            Err(error) => Err(format!("is not a log filter: {error}")),
        })
    }
}
