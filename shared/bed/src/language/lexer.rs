//! Source text to tokens. Never fails: what it does not know becomes a token that the parser refuses.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a word or a unit: `diameter`, `sphere`, `kg/m3`, `%`.
    Word,
    /// `5`, `-0.5`, `1.8e-5`.
    Number,
    /// One of `{ } [ ] = ; ,`.
    Mark(char),
    /// A comment without an end.
    OpenComment,
    /// Anything else, one character.
    Other,
    /// The end of the source.
    End,
}

/// A piece of the source.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub span: Range<usize>,
    /// Whether a line ended between the token before and this one.
    pub new_line: bool,
}

/// All tokens; the last is the end.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let gap = blank(&source[at..]);
        let new_line = source[at..at + gap].contains('\n');
        at += gap;
        let (kind, length) = next(&source[at..]);
        let span = at..at + length;
        tokens.push(Token {
            kind,
            text: &source[span.clone()],
            span,
            new_line,
        });
        if kind == Kind::End {
            return tokens;
        }
        at += length;
    }
}

/// Length of the white space and comments at the start; an unclosed comment is not one.
fn blank(rest: &str) -> usize {
    let mut at = if rest.starts_with('\u{feff}') { 3 } else { 0 };
    loop {
        let text = &rest[at..];
        let trimmed = text.trim_start();
        at += text.len() - trimmed.len();
        at += match (trimmed.starts_with("//"), trimmed.strip_prefix("/*")) {
            (true, _) => trimmed.find('\n').unwrap_or(trimmed.len()),
            (_, Some(comment)) => match comment.find("*/") {
                Some(length) => length + 4,
                None => return at,
            },
            _ => return at,
        };
    }
}

/// Kind and length of the token at the start.
fn next(rest: &str) -> (Kind, usize) {
    let Some(first) = rest.chars().next() else {
        return (Kind::End, 0);
    };
    if rest.starts_with("/*") {
        return (Kind::OpenComment, rest.len());
    }
    match number(rest) {
        0 => {}
        length => return (Kind::Number, length),
    }
    match word(rest) {
        0 => {}
        length => return (Kind::Word, length),
    }
    let kind = if "{}[]=;,".contains(first) {
        Kind::Mark(first)
    } else {
        Kind::Other
    };
    (kind, first.len_utf8())
}

/// Length of the number at the start: sign, digits, point, exponent.
fn number(rest: &str) -> usize {
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(rest.starts_with(['-', '+']));
    let whole = digits(sign);
    let mut end = sign + whole;
    if rest[end..].starts_with('.') {
        let fraction = digits(end + 1);
        if whole + fraction == 0 {
            return 0;
        }
        end += 1 + fraction;
    } else if whole == 0 {
        return 0;
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['-', '+']));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

/// Length of the word at the start. `/`, `.`, `*`, `·` and `^` belong to it when it goes on behind them.
fn word(rest: &str) -> usize {
    let starts = |it: char| it.is_alphabetic() || it == '_' || it == '%';
    if !rest.starts_with(starts) {
        return 0;
    }
    let mut letters = rest.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let following = letters.peek().map(|(_, next)| *next);
        let inner = starts(letter)
            || letter.is_numeric()
            || letter == '-'
            || ("/.*·^".contains(letter) && following.is_some_and(char::is_alphanumeric));
        if !inner {
            return at;
        }
    }
    rest.len()
}
