//! The deployed system on this machine: the template that goes to AWS, sent by `sam deploy` to the emulator, with
//! Postgres beside it. `./dev deployed` builds the functions first (`sam build`).

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use embedded::emulator::DEFAULT_REGION as REGION;

mod calls;
mod deployment;
mod front;
mod worker;

pub use calls::{Call, Outcome};
pub use deployment::Deployment;
pub use worker::{Worker, role_of};

/// What the emulator takes for the account's own credentials.
const KEY: &str = "test";

/// The repository's root.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A program of this workspace, beside the running test: `target/debug/<name>`.
pub fn built(name: &str) -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test
        .ancestors()
        .nth(2)
        .context("a test lives in target/debug/deps")?;
    Ok(folder.join(name))
}

/// What every AWS client of the account itself is given.
fn credentials() -> [(&'static str, &'static str); 4] {
    [
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", KEY),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION), // the name that Python's tools know
    ]
}
