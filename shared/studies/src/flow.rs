//! The jobs of a study.

use job::{Job, Kind, NewJob};
use runtime::Ids;
use serde::Serialize;
use store::simulations::{self, NewSimulation, Simulation};
use store::{Error, Transaction, beds, jobs, packings};
use uuid::Uuid;

/// A study on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// Where the results will be.
    pub simulation: Simulation,
    /// The jobs made for it: the packing, if one was needed and none was on its way, and the flow after it.
    pub jobs: Vec<Job>,
}

/// The job that packs this bed as it is now.
pub fn packing_job(id: Uuid, bed: &beds::Bed) -> NewJob {
    NewJob {
        id,
        kind: Kind::Packing,
        bed_id: bed.id,
        simulation_id: None,
        after_job_id: None,
        input: bed.spec.clone(),
    }
}

/// Has the flow through a bed computed as `bed` says: the stored bed, which the caller has locked, or the same under
/// other conditions of flow. A bed that has not been packed is packed first.
pub async fn simulate(
    tx: &Transaction<'_>,
    ids: &dyn Ids,
    stored: &beds::Bed,
    bed: &bed::Bed,
) -> Result<Begun, Error> {
    let packing = packing_of(tx, ids, stored, bed).await?;
    let simulation = simulations::insert(tx, &simulation(ids.next(), stored, bed)).await?;
    let flow = NewJob {
        id: ids.next(),
        kind: Kind::Flow,
        bed_id: stored.id,
        simulation_id: Some(simulation.id),
        after_job_id: packing.as_ref().map(|(job, _)| job.id),
        input: bed::to_json(bed),
    };
    let flow = jobs::insert(tx, &flow).await?;
    let jobs = match packing {
        Some((packing, true)) => vec![packing, flow],
        _ => vec![flow],
    };
    Ok(Begun { simulation, jobs })
}

/// The job that a flow has to wait for, and whether it is new: none when the packing is in the store, else the newest
/// that is on its way to it, or else a new one.
async fn packing_of(
    tx: &Transaction<'_>,
    ids: &dyn Ids,
    stored: &beds::Bed,
    bed: &bed::Bed,
) -> Result<Option<(Job, bool)>, Error> {
    const LOOK_BACK: i64 = 200;
    if packings::is_stored(tx, stored.id, &bed.packing_inputs_hash()).await? {
        return Ok(None);
    }
    let on_its_way = |job: &Job| {
        job.kind == Kind::Packing
            && job.input == stored.spec
            && !job.cancel_requested
            && !job.status.is_final()
    };
    let mut all = jobs::of_bed(tx, stored.id, None, LOOK_BACK)
        .await?
        .into_iter();
    if let Some(job) = all.find(on_its_way) {
        return Ok(Some((job, false)));
    }
    let new = packing_job(ids.next(), stored);
    Ok(Some((jobs::insert(tx, &new).await?, true)))
}

fn simulation(id: Uuid, stored: &beds::Bed, bed: &bed::Bed) -> NewSimulation {
    NewSimulation {
        id,
        bed_id: stored.id,
        regime: word(&bed.flow.regime),
        velocities_m_s: bed.flow.velocities_m_s.clone(),
        conditions: value(&bed.flow),
    }
}

/// Plain structs of numbers and words always are JSON.
fn value(of: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(of).unwrap_or_default()
}

/// The word that an enum of plain words is written as.
fn word(of: &impl Serialize) -> String {
    value(of).as_str().unwrap_or_default().to_owned()
}
