//! Names in an archive: no two the same, and none that leads out of the folder it is unpacked into.

use std::collections::HashSet;

use uuid::Uuid;

/// A path for each file, in order: its name, in the folder if it has one.
pub(super) fn of<'a>(files: impl Iterator<Item = (Option<Uuid>, &'a str)>) -> Vec<String> {
    let mut taken = HashSet::new();
    files
        .map(|(folder, name)| {
            let folder = folder.map(|id| format!("{id}/")).unwrap_or_default();
            let path = free(&folder, &safe(name), &taken);
            // some systems do not tell upper case from lower
            taken.insert(path.to_lowercase());
            path
        })
        .collect()
}

/// Letters that some system takes for more than a letter of a name become `_`.
fn safe(name: &str) -> String {
    let harmless = |letter: char| !letter.is_control() && !"/\\:*?\"<>|".contains(letter);
    let name: String = name
        .chars()
        .take(200)
        .map(|letter| if harmless(letter) { letter } else { '_' })
        .collect();
    match name.trim_matches([' ', '.']) {
        "" => "_".to_owned(),
        _ if name.starts_with("..") => format!("_{name}"),
        _ => name,
    }
}

/// `a.csv`, or `a (2).csv` when there is one already, and so on.
fn free(folder: &str, name: &str, taken: &HashSet<String>) -> String {
    let path = format!("{folder}{name}");
    if !taken.contains(&path.to_lowercase()) {
        return path;
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    (2..=u32::MAX)
        .map(|number| format!("{folder}{stem} ({number}){extension}"))
        .find(|path| !taken.contains(&path.to_lowercase()))
        .unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(names: &[&str]) -> Vec<String> {
        of(names.iter().map(|name| (None, *name)))
    }

    #[test]
    fn equal_names_are_numbered_and_folders_keep_names_apart() {
        assert_eq!(
            root(&["a.csv", "A.csv", "a.csv", "log", "log"]),
            ["a.csv", "A (2).csv", "a (3).csv", "log", "log (2)"]
        );
        let folder = Some(Uuid::from_u128(1));
        let paths = of([(None, "a"), (folder, "a")].into_iter());
        assert_eq!(paths, ["a", "00000000-0000-0000-0000-000000000001/a"]);
    }

    #[test]
    fn no_name_leads_elsewhere() {
        assert_eq!(
            root(&[
                "..", ".", "../x", "/etc", "c:\\x", "a\nb", "...", ".hidden", " "
            ]),
            [
                "_", "_ (2)", "_.._x", "_etc", "c__x", "a_b", "_ (3)", ".hidden", "_ (4)"
            ]
        );
    }
}
