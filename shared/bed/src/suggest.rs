//! "Did you mean": the known name closest to an unknown one.

/// Similarity (Jaro-Winkler, 0 to 1) under which two names have nothing to do with each other.
const SIMILAR: f64 = 0.8;

/// The closest of the known names, when one is close.
pub(crate) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .map(|candidate| (candidate, strsim::jaro_winkler(candidate, &name)))
        .filter(|(_, similarity)| *similarity >= SIMILAR)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(candidate, _)| candidate)
}
