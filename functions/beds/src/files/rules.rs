//! What may be said about a file: a name that is never a path, a kind, a media type that its content bears out.

/// The longest name, in letters.
const LONGEST_NAME: usize = 200;
const LONGEST_KIND: usize = 40;

/// A name for people: any letters but those that make a path or move a cursor.
pub fn check_name(name: &str) -> Result<(), String> {
    let length = name.chars().count();
    if length == 0 || length > LONGEST_NAME {
        return Err(format!("a name has 1 to {LONGEST_NAME} letters"));
    }
    if name.contains(['/', '\\']) || name == "." || name == ".." {
        return Err("a name is no path: no `/`, no `\\`, neither `.` nor `..`".to_owned());
    }
    if name.chars().any(char::is_control) || name.trim() != name {
        return Err("a name has no control characters and no space at its ends".to_owned());
    }
    Ok(())
}

/// A word such as `geometry` or `report_v2`.
pub fn check_kind(kind: &str) -> Result<(), String> {
    let plain =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if kind.len() <= LONGEST_KIND
        && kind.starts_with(|first: char| first.is_ascii_lowercase())
        && kind.chars().all(plain)
    {
        return Ok(());
    }
    Err(format!(
        "a kind is a word of a-z, 0-9 and `_`, at most {LONGEST_KIND} letters"
    ))
}

/// SHA-256 in lower-case hexadecimal.
pub fn check_sha256(sha256: &str) -> Result<(), String> {
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if sha256.len() == 64 && sha256.bytes().all(hexadecimal) {
        return Ok(());
    }
    Err("a SHA-256 is 64 digits of 0-9 and a-f".to_owned())
}

/// The media type that the name says; what the caller says must agree with it. Types that programs send for want of a
/// better one say nothing.
pub fn content_type(name: &str, said: Option<&str>) -> Result<&'static str, String> {
    let by_name = objects::media_type(name);
    let essence = |full: &str| {
        full.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    };
    let said = said.map(essence).unwrap_or_default();
    match said.as_str() {
        "" | "application/octet-stream" | "application/x-www-form-urlencoded" => Ok(by_name),
        same if same == essence(by_name) => Ok(by_name),
        other => Err(format!(
            "the file is said to be {other}, but a file of this name is {by_name}"
        )),
    }
}

/// The first bytes have to be those of the type, as far as the type says how it begins.
pub fn check_content(content_type: &str, beginning: &[u8]) -> Result<(), String> {
    let essence = content_type.split(';').next().unwrap_or_default();
    let starts = |signatures: &[&[u8]]| signatures.iter().any(|one| beginning.starts_with(one));
    let fits = match essence {
        "image/png" => starts(&[b"\x89PNG\r\n\x1a\n"]),
        "image/jpeg" => starts(&[b"\xff\xd8\xff"]),
        "application/gzip" => starts(&[b"\x1f\x8b"]),
        "application/zip" => starts(&[b"PK\x03\x04", b"PK\x05\x06"]),
        "model/gltf-binary" => starts(&[b"glTF"]),
        "application/json" => is_text(beginning) && begins_json(beginning),
        "image/svg+xml" | "model/obj" => is_text(beginning),
        text if text.starts_with("text/") => is_text(beginning),
        _ => true,
    };
    if fits {
        return Ok(());
    }
    Err(format!("the content does not begin as {essence} does"))
}

/// UTF-8 without a zero byte; the last letter may be cut.
fn is_text(beginning: &[u8]) -> bool {
    let valid = match std::str::from_utf8(beginning) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    valid && !beginning.contains(&0)
}

fn begins_json(beginning: &[u8]) -> bool {
    let first = beginning.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_some_and(|byte| b"{[\"-tfn0123456789".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        for good in ["a", "flow rate (2).csv", "..a", "ünïcode", "log.simpleFoam"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        let long = "x".repeat(201);
        for bad in [
            "", ".", "..", "a/b", "a\\b", "/", "a\0", "a\nb", " a", "a ", &long,
        ] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_kind_is_a_plain_word() {
        assert_eq!(check_kind("report_v2"), Ok(()));
        for bad in ["", "Report", "2nd", "_a", "a-b", "a b", &"k".repeat(41)] {
            assert!(check_kind(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_media_type_agrees_with_the_name() {
        assert_eq!(content_type("a.csv", None), Ok("text/csv"));
        assert_eq!(
            content_type("a.csv", Some("Text/CSV; charset=x")),
            Ok("text/csv")
        );
        assert_eq!(
            content_type("a.png", Some("application/octet-stream")),
            Ok("image/png")
        );
        assert!(content_type("a.png", Some("text/html")).is_err());
        assert!(content_type("a.html", Some("text/html")).is_err());
    }

    #[test]
    fn the_content_bears_its_type_out() {
        for (kind, good) in [
            ("image/png", b"\x89PNG\r\n\x1a\n...".as_slice()),
            ("application/json", b" {}"),
            ("text/csv", "x,ü".as_bytes()),
            ("text/csv", &"x,ü".as_bytes()[..3]),
            ("text/csv", b""),
            ("application/octet-stream", b"\0\xff"),
        ] {
            assert_eq!(check_content(kind, good), Ok(()), "{kind}");
        }
        for (kind, bad) in [
            ("image/png", b"<html>".as_slice()),
            ("image/png", b""),
            ("application/json", b"<html>"),
            ("application/json", b""),
            ("text/plain; charset=utf-8", b"a\0b"),
            ("text/csv", b"\xff\xfe"),
            ("application/zip", b"PK\x01\x02"),
        ] {
            assert!(check_content(kind, bad).is_err(), "{kind}");
        }
    }
}
