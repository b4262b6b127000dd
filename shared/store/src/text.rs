//! Searching for words by their beginnings: the other half of the SQL function `search_words`.

/// The text search query for these words, each of them the beginning of one that must be there; none when nothing of it
/// is a word, and nothing can be found.
pub fn prefix_query(words: &str) -> Option<String> {
    let parts: Vec<_> = words
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| format!("'{word}':*"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" & "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_and_digits_reach_the_query() {
        let query = |words| prefix_query(words).unwrap_or_default();
        assert_eq!(query("ada@ex"), "'ada':* & 'ex':*");
        assert_eq!(query(" Ärzte'):* | 'x\\ "), "'Ärzte':* & 'x':*");
        assert_eq!(prefix_query("!' & |"), None);
    }
}
