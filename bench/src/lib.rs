//! What the benchmarks share: the program they measure, load on it, the same work without it, and limits that are held.

pub mod figures;
pub mod history;
pub mod leito;
pub mod load;
pub mod pgbench;
pub mod recorded;
pub mod runtime_api;
