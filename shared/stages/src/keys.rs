//! The key of a packing.

use bed::{Bed, content_hash};

/// Name of the packing stage.
pub const PACKING: &str = "packing";

/// Part of every key: another version of Leito may drive an engine differently.
pub const LEITO: (&str, &str) = ("leito", env!("CARGO_PKG_VERSION"));

/// Key of a packing: everything it depends on, the versions of the programs that make it included.
pub fn packing_key(bed: &Bed, versions: &[(&str, &str)]) -> String {
    content_hash(PACKING, &bed.packing_inputs(), versions)
}
