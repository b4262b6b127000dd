//! The parameters as tables for people, made from the declarations.

use std::fmt::Write as _;

use serde_json::Value;

use crate::bed::BLOCKS;
use crate::language::write_value;
use crate::parameter::{Block, Kind, Need, Parameter};
use crate::units::readable;

/// Every block and parameter as Markdown, the body of `docs/bed-language.md`.
pub fn parameter_tables() -> String {
    BLOCKS
        .iter()
        .map(block_table)
        .collect::<Vec<_>>()
        .join("\n")
}

fn block_table(block: &Block) -> String {
    let declared = (block.declared)();
    let mut text = format!("### `{}`\n\n{}\n\n", block.name, block.doc);
    text.push_str(
        "| property | value | default | allowed | meaning | in JSON |\n|---|---|---|---|---|---|\n",
    );
    for it in block.parameters {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | `{}` |",
            it.name,
            sort(it),
            default(it, declared.get(it.field)),
            allowed(it),
            it.doc,
            it.field,
        );
    }
    text
}

fn sort(parameter: &Parameter) -> String {
    let one = match parameter.kind {
        Kind::Number => parameter.dimension.phrase(),
        Kind::Integer => "a whole number",
        Kind::Flag => "true or false",
        Kind::Word(_) => "a word",
    };
    if parameter.list {
        format!("{one}, or a list")
    } else {
        one.to_owned()
    }
}

fn default(parameter: &Parameter, declared: Option<&Value>) -> String {
    match (parameter.need, declared) {
        (Need::Required, _) => "required".to_owned(),
        (_, Some(value)) => format!("`{}`", write_value(parameter, value)),
        (_, None) => "–".to_owned(),
    }
}

fn allowed(parameter: &Parameter) -> String {
    match (&parameter.range, parameter.kind) {
        (Some(range), _) => {
            let say = |bound| readable(bound, parameter.dimension);
            format!("{} to {}", say(*range.start()), say(*range.end()))
        }
        (None, Kind::Word(words)) => words
            .iter()
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", "),
        (None, _) => "–".to_owned(),
    }
}
