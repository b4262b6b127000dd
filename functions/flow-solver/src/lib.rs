//! flow-solver
