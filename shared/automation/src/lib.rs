//! What can be submitted: kinds of work, versions of each, the JSON Schema and the meaning of each payload, and the report
//! that is made of the results. Pure: no files, no clock, no database.

mod fault;
mod forms;
mod payload;
pub mod report;
mod schema;
mod study;

pub use fault::{Fault, Refused};
pub use forms::{FORMS, Form, Request, find};
pub use study::{Study, sweep};
