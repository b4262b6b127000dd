//! What each library's errors look like from outside.

use super::{Code, Problem};

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound { what, id } => Self::not_found(what, id),
            store::Error::Forbidden { .. } | store::Error::AdministratorsOnly => {
                Self::new(Code::Forbidden, error.to_string())
            }
            store::Error::Conflict { ref constraint, .. } if constraint.contains("_name_") => {
                Self::new(Code::NameTaken, "the name was taken a moment ago").caused_by(error)
            }
            store::Error::Conflict { ref constraint, .. }
                if constraint.ends_with("_created_by_fkey") =>
            {
                Self::new(Code::Unauthenticated, "the account is gone").caused_by(error)
            }
            store::Error::Conflict { ref constraint, .. } if constraint.ends_with("_fkey") => {
                let detail = "something that this refers to was deleted a moment ago";
                Self::new(Code::Conflict, detail).caused_by(error)
            }
            store::Error::LastOne(_) => Self::new(Code::Conflict, error.to_string()),
            store::Error::Refused { refused, .. } => Self::new(Code::Conflict, refused.to_string()),
            error if error.is_transient() => Self::unavailable(error),
            error => Self::internal(error),
        }
    }
}

impl From<objects::Error> for Problem {
    fn from(error: objects::Error) -> Self {
        match error {
            objects::Error::Call { .. } => Self::unavailable(error),
            _ => Self::internal(error),
        }
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
