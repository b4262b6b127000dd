//! What a project may be called, and what may be said of it.

use leito_http::{Code, FieldError, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

const NAME: usize = 100;
const DESCRIPTION: usize = 2000;

/// What people say of a project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectFields {
    /// What it is called.
    #[schema(example = "Catalyst supports", min_length = 1, max_length = 100)]
    name: String,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 2000)]
    description: String,
}

impl ProjectFields {
    /// Name and description, or everything that is wrong with them.
    pub fn checked(self) -> Result<(String, String), Problem> {
        let name = self.name.trim();
        let mut errors = Vec::new();
        if !(1..=NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            let message = format!("a name has 1 to {NAME} characters, all of them visible");
            errors.push(FieldError::new("/name", message));
        }
        if self.description.chars().count() > DESCRIPTION {
            let message = format!("a description has at most {DESCRIPTION} characters");
            errors.push(FieldError::new("/description", message));
        }
        if errors.is_empty() {
            return Ok((name.to_owned(), self.description));
        }
        let detail = "the project cannot be described so";
        Err(Problem::new(Code::InvalidBody, detail).with_errors(errors))
    }
}
