//! A problem+json answer, made readable.

use std::fmt;

use reqwest::StatusCode;
use serde::Deserialize;

/// Why the API did not do what it was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    title: String,
    detail: String,
    request_id: Option<String>,
    errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct FieldError {
    pointer: String,
    message: String,
    line: Option<u32>,
    column: Option<u32>,
    hint: Option<String>,
}

impl Refusal {
    /// Reads the body of an answer; one that is not problem+json is quoted.
    pub fn read(status: StatusCode, body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_else(|_| Self {
            status: status.as_u16(),
            title: status.to_string(),
            detail: String::from_utf8_lossy(body).chars().take(400).collect(),
            ..Self::default()
        })
    }

    /// Whether the caller's input is at fault.
    pub fn blames_the_input(&self) -> bool {
        (400..500).contains(&self.status)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)?;
        for error in &self.errors {
            write!(f, "\n  {error}")?;
        }
        match &self.request_id {
            Some(id) if !self.blames_the_input() => write!(f, "\n  (request {id} in the log)"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: ")?,
            _ if !self.pointer.is_empty() => write!(f, "{}: ", self.pointer)?,
            _ => {}
        }
        f.write_str(&self.message)?;
        self.hint
            .as_ref()
            .map_or(Ok(()), |hint| write!(f, " ({hint})"))
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_that_is_wrong_is_on_a_line_of_its_own() {
        let body = br#"{"type":"urn:leito:problem:impossible_bed","title":"No such bed can be","status":422,
            "detail":"2 problems","code":"impossible_bed","request_id":"r1","errors":[
            {"pointer":"/spec/particles/count","message":"more than fit","hint":"at most 90"},
            {"pointer":"/source","message":"unknown unit","line":3,"column":7}]}"#;
        let refusal = Refusal::read(StatusCode::UNPROCESSABLE_ENTITY, body);
        assert!(refusal.blames_the_input());
        assert_eq!(
            refusal.to_string(),
            "No such bed can be: 2 problems\n  /spec/particles/count: more than fit (at most 90)\n  \
             line 3, column 7: unknown unit"
        );
    }

    #[test]
    fn an_answer_in_no_known_form_is_quoted() {
        let refusal = Refusal::read(StatusCode::BAD_GATEWAY, b"upstream is gone");
        assert_eq!(refusal.to_string(), "502 Bad Gateway: upstream is gone");
    }
}
