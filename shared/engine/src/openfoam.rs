//! Meshing and solving with `OpenFOAM`.
