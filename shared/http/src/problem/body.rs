//! What is sent: the members of RFC 9457 and ours.

use serde::Serialize;
use utoipa::ToSchema;

use super::Code;

/// Why a request was not carried out.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Body {
    /// Names the kind of problem; the same for each `code`.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "urn:leito:problem:not_found")]
    pub(super) kind: String,
    /// The kind of problem in a few words, the same every time.
    #[schema(value_type = String)]
    pub(super) title: &'static str,
    /// The HTTP status.
    pub(super) status: u16,
    /// What was wrong with this very request.
    pub(super) detail: String,
    /// The kind of problem, for programs.
    pub(super) code: Code,
    /// Names the request in Leito's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<String>,
    /// Each thing that is wrong with the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<FieldError>,
}

/// One thing that is wrong with the input, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request's body; empty for the body as a whole.
    #[schema(example = "/spec/geometry/diameter_m")]
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// Line in the text that `pointer` names, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the text that `pointer` names, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl FieldError {
    /// Something wrong at `pointer`.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            ..Self::default()
        }
    }
}
