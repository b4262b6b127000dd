//! Writes the tables of `docs/bed-language.md` anew: `cargo run -p bed --example document`.

use std::{fs, io};

fn main() -> io::Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/bed-language.md");
    let page = fs::read_to_string(path)?;
    let marks = page
        .split_once("<!-- parameters -->\n")
        .and_then(|(before, rest)| {
            rest.split_once("<!-- end of parameters -->")
                .map(|(_, after)| (before, after))
        });
    let (before, after) = marks.ok_or_else(|| io::Error::other("the page has lost its marks"))?;
    let tables = bed::parameter_tables();
    fs::write(
        path,
        format!("{before}<!-- parameters -->\n{tables}<!-- end of parameters -->{after}"),
    )
}
