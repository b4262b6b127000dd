//! The parameters of a query whose names follow from the declarations of a bed: taken out one by one, until none is left.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use leito_http::{Code, Problem, paging};
use store::list::Range;

/// Names and values that nobody has taken yet.
pub struct Pairs(BTreeMap<String, String>);

impl Pairs {
    /// Each name once.
    pub fn new(all: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut pairs = BTreeMap::new();
        for (name, value) in all {
            if pairs.insert(name.clone(), value).is_some() {
                return Err(refused(format!("`{name}` is given twice")));
            }
        }
        Ok(Self(pairs))
    }

    /// The value of this name, if it is there.
    pub fn take<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, Problem>
    where
        T::Err: Display,
    {
        let Some(value) = self.0.remove(name) else {
            return Ok(None);
        };
        let read = value.parse();
        read.map(Some)
            .map_err(|error| refused(format!("`{name}`: {error}")))
    }

    /// The range of a number.
    pub fn numbers(&mut self, name: &str) -> Result<Option<Range<f64>>, Problem> {
        let from = self.number(&format!("{name}_min"))?;
        let to = self.number(&format!("{name}_max"))?;
        Ok((from.is_some() || to.is_some()).then_some(Range { from, to }))
    }

    fn number(&mut self, name: &str) -> Result<Option<f64>, Problem> {
        match self.take::<f64>(name)? {
            Some(value) if !value.is_finite() => Err(refused(format!("`{name}` is not a number"))),
            value => Ok(value),
        }
    }

    /// The range of a time.
    pub fn times(&mut self, name: &str) -> Result<Range<Timestamp>, Problem> {
        let mut time = |end: &str| -> Result<Option<Timestamp>, Problem> {
            let time = self.take::<Timestamp>(&format!("{name}_{end}"))?;
            Ok(time.map(paging::storable))
        };
        let (from, to) = (time("from")?, time("to")?);
        Ok(Range { from, to })
    }

    /// Refuses names that nobody knows.
    pub fn nothing_left(self) -> Result<(), Problem> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => Err(refused(format!("nothing is known of `{name}`"))),
        }
    }
}

pub fn refused(detail: String) -> Problem {
    Problem::new(Code::InvalidQuery, detail)
}
