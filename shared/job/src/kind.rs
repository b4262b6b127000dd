//! The two kinds of work.

/// What a job does, and so which queue and which worker it belongs to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Kind {
    /// Pack a bed with Blender.
    Packing,
    /// Mesh a packed bed and solve its flow with `OpenFOAM`.
    Flow,
}

crate::status::words!(Kind, "job kind", { Packing => "packing", Flow => "flow" });
