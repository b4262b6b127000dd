//! A flow job from its specification to its output.

use async_trait::async_trait;
use engine::openfoam::Mesh;
use job::{Failure, Job, Kind};
use runtime::SharedIds;
use stages::{Share, bed_of, context, failure};
use store::{Store, Transaction};
use worker::{Handler, Work};

use crate::study::Study;
use crate::{OpenFoam, Packed, Solution, Solver, record};

/// Computes flows.
pub struct FlowSolver<S = OpenFoam> {
    solver: S,
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

impl<S: Solver> FlowSolver<S> {
    /// A handler that computes with `solver`, looks for packings in `store`, takes the keys of new rows from `ids`.
    pub fn new(solver: S, store: Store, ids: SharedIds) -> Self {
        Self { solver, store, ids }
    }
}

#[async_trait]
impl<S: Solver> Handler for FlowSolver<S> {
    type Output = Solved;

    fn kind(&self) -> Kind {
        Kind::Flow
    }

    async fn run(&self, work: &Work) -> Result<Solved, Failure> {
        let bed = bed_of(&work.job)?;
        let packed = Packed::of(&bed, work.job.bed_id, &self.store).await?;
        let context = context(work, work.dir.clone(), Share::WHOLE);
        let version = self
            .solver
            .version(&context)
            .await
            .map_err(|error| failure(&error))?;
        let study = Study {
            solver: &self.solver,
            work,
            bed: &bed,
            packed: &packed,
            version: &version,
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
