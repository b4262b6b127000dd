//! A flow job from its specification to its output.

use async_trait::async_trait;
use engine::openfoam::{self, Mesh};
use job::{Failure, Job, Kind};
use runtime::SharedIds;
use stages::{Share, bed_of, context, failure};
use store::{Store, Transaction};
use tokio::sync::OnceCell;
use worker::{Handler, Work};

use crate::study::Study;
use crate::{Packed, Solution, record};

/// Computes flows with the installed `OpenFOAM`.
pub struct FlowSolver {
    /// The version of `OpenFOAM`, asked for once a process.
    version: OnceCell<String>,
    store: Store,
    ids: SharedIds,
}

/// A finished flow job.
#[derive(Debug)]
pub struct Solved {
    /// The packing it went through.
    pub packed: Packed,
    /// The mesh of all flows.
    pub mesh: Mesh,
    /// One for each velocity, in the order of the specification.
    pub solutions: Vec<Solution>,
}

impl FlowSolver {
    /// A handler that looks for packings in `store` and takes the keys of new rows from `ids`.
    pub fn new(store: Store, ids: SharedIds) -> Self {
        Self {
            version: OnceCell::new(),
            store,
            ids,
        }
    }
}

#[async_trait]
impl Handler for FlowSolver {
    type Output = Solved;

    fn kind(&self) -> Kind {
        Kind::Flow
    }

    async fn run(&self, work: &Work) -> Result<Solved, Failure> {
        let bed = bed_of(&work.job)?;
        let packed = Packed::of(&bed, &work.job, &self.store).await?;
        let context = context(work, work.dir.clone(), Share::WHOLE);
        let version = self.version.get_or_try_init(|| openfoam::version(&context));
        let version = version.await.map_err(|error| failure(&error))?;
        let study = Study {
            work,
            bed: &bed,
            packed: &packed,
            version,
        };
        let (mesh, solutions) = study.run().await?;
        Ok(Solved {
            packed,
            mesh,
            solutions,
        })
    }

    async fn finish(
        &self,
        tx: &Transaction<'_>,
        job: &Job,
        solved: &Solved,
    ) -> Result<(), store::Error> {
        record::write(tx, job, solved, self.ids.as_ref()).await
    }
}
