//! A bed as source text: every property that differs from its default, in the order of the declarations, in the unit
//! that is shortest. Comments are not kept, for a bed has none.

use serde_json::Value;

use crate::bed::{BLOCKS, Bed};
use crate::parameter::{Block, Kind, Need, Parameter};
use crate::units::{shortest, with_unit};

/// The source text of a bed. Reading it back gives the same bed.
pub fn format(bed: &Bed) -> String {
    let json = crate::to_json(bed);
    let blocks: Vec<_> = BLOCKS
        .iter()
        .filter_map(|block| write_block(block, &json[block.name]))
        .collect();
    format!("bed {} {{\n{}}}\n", bed.name, blocks.join("\n"))
}

/// A block, when anything in it has to be said.
fn write_block(block: &Block, values: &Value) -> Option<String> {
    let defaults = (block.declared)();
    let told = |it: &&Parameter| {
        let value = values.get(it.field);
        value.is_some() && (it.need == Need::Required || value != defaults.get(it.field))
    };
    let told: Vec<_> = block.parameters.iter().filter(told).collect();
    let width = told.iter().map(|it| it.name.len()).max()?;
    let line = |it: &&Parameter| {
        format!(
            "        {:width$} = {}",
            it.name,
            write_value(it, &values[it.field])
        )
    };
    let lines: Vec<_> = told.iter().map(line).collect();
    Some(format!(
        "    {} {{\n{}\n    }}\n",
        block.name,
        lines.join("\n")
    ))
}

/// A value of a parameter as it is written in the language.
pub(crate) fn write_value(parameter: &Parameter, value: &Value) -> String {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let (texts, unit) = if parameter.kind == Kind::Number {
        let numbers: Vec<_> = items.iter().filter_map(Value::as_f64).collect();
        shortest(&numbers, parameter.dimension)
    } else {
        (items.iter().map(plain).collect(), None)
    };
    let text = match texts.as_slice() {
        [single] => single.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    with_unit(&text, unit)
}

/// Words without quotes, everything else as in JSON.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
