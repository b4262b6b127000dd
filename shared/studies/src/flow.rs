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

/// The job that packs a stored bed as `bed` says, for whoever wants it.
pub fn packing_job(id: Uuid, bed_id: Uuid, bed: &bed::Bed, created_by: Uuid) -> NewJob {
    NewJob {
        id,
        kind: Kind::Packing,
        bed_id,
        simulation_id: None,
        after_job_id: None,
        created_by: Some(created_by),
        input: bed::to_json(bed),
    }
}

/// Has the flow through a bed computed as `bed` says: the stored bed, which the caller has locked, or the same under
/// other conditions of flow, or as it was once. What has not been packed like that is packed first.
pub async fn simulate(
    tx: &Transaction<'_>,
    ids: &dyn Ids,
    stored: &beds::Bed,
    bed: &bed::Bed,
    created_by: Uuid,
) -> Result<Begun, Error> {
    let packing = packing_of(tx, ids, stored.id, bed, created_by).await?;
    let simulation = simulations::insert(tx, &simulation(ids.next(), stored, bed)).await?;
    let flow = NewJob {
        id: ids.next(),
        kind: Kind::Flow,
        bed_id: stored.id,
        simulation_id: Some(simulation.id),
        after_job_id: packing.as_ref().map(|(job, _)| job.id),
        created_by: Some(created_by),
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
/// that is on its way to it, or else a new one. The bed may have been changed since a job was made, so what counts is
/// what that job was told.
async fn packing_of(
    tx: &Transaction<'_>,
    ids: &dyn Ids,
    bed_id: Uuid,
    bed: &bed::Bed,
    created_by: Uuid,
) -> Result<Option<(Job, bool)>, Error> {
    let wanted = bed.packing_inputs_hash();
    if packings::is_stored(tx, bed_id, &wanted).await? {
        return Ok(None);
    }
    let on_its_way = |job: &Job| {
        job.kind == Kind::Packing
            && !job.cancel_requested
            && bed::from_value(&job.input).is_ok_and(|told| told.packing_inputs_hash() == wanted)
    };
    let mut unfinished = jobs::unfinished_of_bed(tx, bed_id).await?.into_iter();
    if let Some(job) = unfinished.find(on_its_way) {
        return Ok(Some((job, false)));
    }
    let new = packing_job(ids.next(), bed_id, bed, created_by);
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
