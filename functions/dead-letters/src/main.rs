//! Entry point of the deployed function.
fn main() {}
