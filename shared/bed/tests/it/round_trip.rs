//! Nothing is lost between the forms of a bed.

use bed::{Bed, format, from_json, from_stored, parse, to_json};
use proptest::prelude::*;

use crate::any_bed::any_bed;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_formatted_bed_reads_back_as_the_same_bed(bed in any_bed()) {
        let text = format(&bed);
        let read = parse(&text, "any.bed").map_err(|it| TestCaseError::fail(it.to_string()))?;
        prop_assert_eq!(&read, &bed);
        prop_assert_eq!(format(&read), text);
    }

    #[test]
    fn a_bed_in_json_reads_back_as_the_same_bed(bed in any_bed()) {
        let text = to_json(&bed).to_string();
        prop_assert_eq!(from_json(&text).unwrap(), bed.clone());
        prop_assert_eq!(from_stored(&text).unwrap(), bed.clone());
        prop_assert_eq!(serde_json::from_str::<Bed>(&text).unwrap(), bed);
    }

    #[test]
    fn no_text_brings_the_parser_down(text in "(bed|[a-z]{1,4}|[0-9.e-]{1,4}|[{}=;,\\[\\]/*\n %µ]){0,40}") {
        let _ = parse(&text, "any.bed").map_err(|it| it.to_string());
    }

    #[test]
    fn a_damaged_file_is_read_or_refused_but_never_brings_the_parser_down(
        bed in any_bed(), at in any::<prop::sample::Index>(), with in "[{}=;,\\[\\]/*a5 \n]{0,3}"
    ) {
        let mut text = format(&bed);
        let at = at.index(text.len());
        text.replace_range(at..=at, &with);
        let _ = parse(&text, "any.bed").map_err(|it| it.to_string());
    }
}
