//! Runs OpenFOAM's programs on a case, alone or as MPI ranks.

use std::path::Path;

use super::case::Case;
use crate::process::{Command, Outcome};
use crate::{Context, EngineError};

/// Where Debian's packages keep the settings; all that they need in the environment.
const PROJECT_DIR: &str = "/usr/share/openfoam";

/// Fewer cells than this a rank is not worth the talking between ranks.
const CELLS_PER_RANK: usize = 10_000;

/// The programs of one case.
pub struct Programs<'a> {
    context: &'a Context,
    dir: &'a Path,
}

impl<'a> Programs<'a> {
    /// Programs that run in the case's folder and leave `log.<program>` there.
    pub fn of(case: &'a Case, context: &'a Context) -> Self {
        Self {
            context,
            dir: &case.dir,
        }
    }

    /// One program on one core.
    pub async fn run(
        &self,
        program: &str,
        args: &[&str],
        listener: impl FnMut(&str) + Send,
    ) -> Result<Outcome, EngineError> {
        let command = Command::new(program, program, self.dir).args(args.iter().copied());
        with_openfoam(command, self.dir)
            .run(&self.context.cancel, listener)
            .await
    }

    /// One program on `ranks` cores, each rank with its part of a decomposed case.
    pub async fn run_ranks(
        &self,
        ranks: usize,
        program: &str,
        listener: impl FnMut(&str) + Send,
    ) -> Result<Outcome, EngineError> {
        if ranks == 1 {
            return self.run(program, &[], listener).await;
        }
        // every rank dies with mpirun, and as root Open MPI wants to be told twice
        let command = Command::new(program, "mpirun", self.dir)
            .args([
                "-np",
                &ranks.to_string(),
                "--oversubscribe",
                "--bind-to",
                "none",
            ])
            .args(["setpriv", "--pdeathsig", "KILL", program, "-parallel"])
            .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
            .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
            .env("OMPI_MCA_btl_vader_single_copy_mechanism", "none");
        with_openfoam(command, self.dir)
            .run(&self.context.cancel, listener)
            .await
    }
}

/// OpenFOAM trusts `PWD` more than the system, and complains where there is none.
fn with_openfoam(command: Command, dir: &Path) -> Command {
    command.env("WM_PROJECT_DIR", PROJECT_DIR).env("PWD", dir)
}

/// Ranks worth using for a mesh.
pub fn ranks(cores: usize, cells: usize) -> usize {
    cores.min(cells / CELLS_PER_RANK).max(1)
}

/// OpenFOAM's version, such as `v1912`, from what its programs say of themselves in `dir`.
pub async fn version(context: &Context) -> Result<String, EngineError> {
    let mut found = None;
    let command = Command::new("openfoam-version", "blockMesh", &context.dir).arg("-help");
    with_openfoam(command, &context.dir)
        .run(&context.cancel, |line| {
            if let Some(version) = version_in(line) {
                found = Some(version);
            }
        })
        .await?;
    let log = context.dir.join("log.openfoam-version");
    found.ok_or_else(|| EngineError::malformed(&log, "names no version"))
}

/// The version in a line such as `Using: OpenFOAM- (1912) - visit www.openfoam.com`.
fn version_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("OpenFOAM-")?;
    let (_, rest) = rest.split_once('(')?;
    let (number, _) = rest.split_once(')')?;
    Some(format!("v{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_meshes_get_fewer_ranks_than_there_are_cores() {
        assert_eq!(
            (ranks(8, 5_000), ranks(8, 35_000), ranks(2, 1_000_000)),
            (1, 3, 2)
        );
    }

    #[test]
    fn the_version_is_read_from_the_programs_own_words() {
        let line = "Using: OpenFOAM- (1912) - visit www.openfoam.com";
        assert_eq!(version_in(line).as_deref(), Some("v1912"));
    }
}
