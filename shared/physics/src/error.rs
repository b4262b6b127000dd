/// Why a number cannot be computed from what was given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// A fit or an extrapolation was asked of too little data.
    #[error("{needed} points are needed, {given} were given")]
    TooFewPoints {
        /// The least number that determines the answer.
        needed: usize,
        /// How many there were.
        given: usize,
    },
    /// All points of a fit lie at one place.
    #[error("all points have the same abscissa, so they determine no line")]
    SameAbscissa,
    /// Three meshes whose values do not approach a limit: no order can be observed.
    #[error("the values {fine}, {medium}, {coarse} (fine to coarse) do not converge monotonically")]
    NotMonotonic {
        /// Value on the finest mesh.
        fine: f64,
        /// Value on the medium mesh.
        medium: f64,
        /// Value on the coarsest mesh.
        coarse: f64,
    },
    /// Cell sizes that do not grow from fine to coarse.
    #[error("cell sizes must be positive and grow from fine to coarse")]
    CellSizes,
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
