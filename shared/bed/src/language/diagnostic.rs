//! What is wrong with a source text, shown where it is.

use std::fmt;
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Shown, Label};
use codespan_reporting::files::{Files, SimpleFile};
use codespan_reporting::term;
use serde::Serialize;

/// Everything that is wrong with a source text. `Display` shows each with file, line, column, the place in the source
/// and a hint; without colour.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    file: SimpleFile<String, String>,
    items: Vec<Diagnostic>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    /// Bytes of the source it is about.
    span: Range<usize>,
    message: String,
    hint: Option<String>,
    /// Another place that belongs to it, and what is there.
    related: Option<(Range<usize>, &'static str)>,
}

/// One thing that is wrong, for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What would be right, when that is known.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Says what would be right.
    pub(crate) fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says what would be right, when it is known.
    pub(crate) fn hint_if(&mut self, hint: Option<String>) -> &mut Self {
        self.hint = hint;
        self
    }

    /// Points at another place too.
    pub(crate) fn related(&mut self, span: Range<usize>, what: &'static str) -> &mut Self {
        self.related = Some((span, what));
        self
    }

    fn shown(&self) -> Shown<()> {
        let related = self
            .related
            .iter()
            .map(|(span, what)| Label::secondary((), span.clone()).with_message(what));
        let labels = std::iter::once(Label::primary((), self.span.clone()))
            .chain(related)
            .collect();
        let notes = self
            .hint
            .iter()
            .map(|hint| format!("help: {hint}"))
            .collect();
        Shown::error()
            .with_message(&self.message)
            .with_labels(labels)
            .with_notes(notes)
    }
}

impl Diagnostics {
    /// None yet, about this source.
    pub(crate) fn new(file: &str, source: &str) -> Self {
        Self {
            file: SimpleFile::new(file.to_owned(), source.to_owned()),
            items: Vec::new(),
        }
    }

    /// Adds one; hints and related places can be put to what is returned.
    pub(crate) fn push(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let new = Diagnostic {
            span,
            message: message.into(),
            hint: None,
            related: None,
        };
        // Sorted by place: a reader works through them from the top.
        let at = self
            .items
            .partition_point(|it| it.span.start <= new.span.start);
        self.items.insert(at, new);
        &mut self.items[at]
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many things are wrong.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Everything that is wrong, for programs, in the order of the source.
    pub fn reports(&self) -> Vec<Report> {
        let report = |it: &Diagnostic| {
            let at = self.file.location((), it.span.start).ok();
            Report {
                line: at.as_ref().map_or(1, |at| at.line_number),
                column: at.as_ref().map_or(1, |at| at.column_number),
                message: it.message.clone(),
                hint: it.hint.clone(),
            }
        };
        self.items.iter().map(report).collect()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = term::Config::default();
        for item in &self.items {
            let text = term::emit_into_string(&config, &self.file, &item.shown());
            f.write_str(&text.map_err(|_| fmt::Error)?)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
