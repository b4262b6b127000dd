//! The keys by which a flow finds the packing it needs.

use bed::{Bed, content_hash};

/// Name of the packing stage.
pub const PACKING: &str = "packing";

/// Part of every key: another version of Leito may drive an engine differently.
pub const LEITO: (&str, &str) = ("leito", env!("CARGO_PKG_VERSION"));

/// Key of a packing: everything it depends on, the versions of the programs that make it included.
pub fn packing_key(bed: &Bed, versions: &[(&str, &str)]) -> String {
    content_hash(PACKING, &bed.packing_inputs(), versions)
}

/// Hash of what was asked of a packing, whichever program versions answered. A flow takes the newest packing of its bed
/// that has it, and so needs no Blender to know which.
pub fn packing_inputs_hash(bed: &Bed) -> String {
    packing_key(bed, &[])
}
