//! The tree of a source to a bed: names, values, ranges and what is missing, all in one run.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use super::convert::convert;
use super::diagnostic::Diagnostics;
use super::hints;
use super::parser::{Block as Written, File, Form, Property};
use crate::bed::{BLOCKS, Bed};
use crate::error::Problem;
use crate::parameter::Block;
use crate::units::with_unit;
use crate::validate;

/// The bed, or nothing when something was wrong with it.
pub(super) fn check(file: &File, diagnostics: &mut Diagnostics) -> Option<Bed> {
    let readable = diagnostics.is_empty();
    let mut check = Check {
        diagnostics,
        bed: Map::new(),
        spans: HashMap::from([("/name".to_owned(), file.name.span.clone())]),
        failed: Vec::new(),
        name: file.name.span.clone(),
    };
    check.bed.insert("name".to_owned(), json!(file.name.text));
    check.blocks(file);
    check.whole_bed(readable);
    if !check.diagnostics.is_empty() {
        return None;
    }
    let built = crate::json::build(&Json::Object(check.bed));
    built
        .map_err(|problem| diagnostics.push(0..0, problem.to_string()))
        .ok()
}

struct Check<'d> {
    diagnostics: &'d mut Diagnostics,
    /// What was read so far, in the JSON form.
    bed: Map<String, Json>,
    /// Where the value of a JSON pointer stands in the source.
    spans: HashMap<String, Range<usize>>,
    /// Pointers of values that were written but could not be read.
    failed: Vec<String>,
    name: Range<usize>,
}

impl Check<'_> {
    fn blocks(&mut self, file: &File) {
        for written in &file.blocks {
            let name = written.name.text;
            if !BLOCKS.iter().any(|block| block.name == name) {
                self.diagnostics
                    .push(written.name.span.clone(), format!("unknown block `{name}`"))
                    .hint_if(hints::block(name));
            }
            let name = hints::renamed_block(name).unwrap_or(name);
            if let Some(block) = BLOCKS.iter().find(|block| block.name == name) {
                self.block(block, written);
            }
        }
    }

    fn block(&mut self, block: &'static Block, written: &Written) {
        let pointer = format!("/{}", block.name);
        let span = written.name.span.clone();
        if let Some(first) = self.spans.insert(pointer, span.clone()) {
            self.diagnostics
                .push(span, format!("a second block `{}`", block.name))
                .related(first, "the first one")
                .hint("put its properties into the first one");
        }
        let mut seen = HashMap::new();
        for property in &written.properties {
            let name = property.name.text;
            if let Some(first) = seen.insert(name, property.name.span.clone()) {
                self.diagnostics
                    .push(
                        property.name.span.clone(),
                        format!("`{name}` is given twice"),
                    )
                    .related(first, "given here first");
                continue;
            }
            self.property(block, property);
        }
    }

    fn property(&mut self, block: &'static Block, property: &Property) {
        let name = property.name.text;
        let Some(parameter) = block.by_name(name) else {
            self.diagnostics
                .push(
                    property.name.span.clone(),
                    format!("unknown property `{name}`"),
                )
                .hint_if(hints::property(block, name));
            return;
        };
        let pointer = format!("/{}/{}", block.name, parameter.field);
        let value = property.value.as_ref();
        let converted = value.and_then(|value| convert(parameter, value, self.diagnostics));
        let Some((value, converted)) = value.zip(converted) else {
            self.failed.push(pointer);
            return;
        };
        if let Form::List(items) = &value.form {
            for (index, item) in items.iter().enumerate() {
                self.spans
                    .insert(format!("{pointer}/{index}"), item.span.clone());
            }
        } else if parameter.list {
            self.spans
                .insert(format!("{pointer}/0"), value.span.clone());
        }
        self.spans.insert(pointer, value.span.clone());
        let fields = self.bed.entry(block.name).or_insert_with(|| json!({}));
        fields[parameter.field] = converted;
    }

    /// What only shows when everything was read: ranges, contradictions, and, when nothing was skipped, what is missing.
    fn whole_bed(&mut self, readable: bool) {
        let bed = Json::Object(self.bed.clone());
        if let Some(problem) = validate::name_problem(&bed["name"]) {
            self.report(&problem);
        }
        for problem in validate::value_problems(&bed) {
            self.report(&problem);
        }
        if readable {
            self.missing(&bed);
            for problem in validate::contradictions(&bed) {
                // One of the two was written, only not well: that has been said.
                let failed = self
                    .failed
                    .iter()
                    .any(|it| it.starts_with(&problem.pointer));
                if !failed {
                    self.report(&problem);
                }
            }
        }
    }

    fn missing(&mut self, bed: &Json) {
        for (block, parameter) in validate::missing(bed) {
            let pointer = format!("/{}/{}", block.name, parameter.field);
            if self.failed.contains(&pointer) {
                continue;
            }
            let span = self
                .spans
                .get(&format!("/{}", block.name))
                .unwrap_or(&self.name)
                .clone();
            let example = with_unit("…", parameter.dimension.usual());
            self.diagnostics
                .push(
                    span,
                    format!("`{}` of `{}` is missing", parameter.name, block.name),
                )
                .hint(format!(
                    "add `{} = {example}`: {}",
                    parameter.name, parameter.doc
                ));
        }
    }

    fn report(&mut self, problem: &Problem) {
        let place = self
            .spans
            .get(&problem.pointer)
            .unwrap_or(&self.name)
            .clone();
        let message = match written_name(&problem.pointer) {
            Some(name) => format!("`{name}`: {}", problem.message),
            None => problem.message.clone(),
        };
        self.diagnostics.push(place, message);
    }
}

/// The name in the language of the parameter behind a JSON pointer.
fn written_name(pointer: &str) -> Option<&'static str> {
    let mut keys = pointer.split('/').skip(1);
    let (block, field) = (keys.next()?, keys.next());
    let block = BLOCKS.iter().find(|it| it.name == block)?;
    Some(
        field
            .and_then(|field| block.by_field(field))
            .map_or(block.name, |it| it.name),
    )
}
