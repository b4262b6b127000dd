//! What a finished packing leaves in the database.

use job::Job;
use runtime::Ids;
use serde_json::{Value, json};
use stages::{Named, bed_files};
use store::{Transaction, packings};

use crate::Packed;

/// Records the packing and its files.
pub(crate) async fn write(
    tx: &Transaction<'_>,
    job: &Job,
    packed: &Packed,
    ids: &dyn Ids,
) -> Result<(), store::Error> {
    packings::insert(tx, &row(job, packed, ids)).await?;
    let files = packed
        .stage
        .files
        .iter()
        .map(|file| Named { file, prefix: "" });
    store::bed_files::insert(tx, job.bed_id, None, &bed_files(files, ids)).await
}

fn row(
    job: &Job,
    Packed {
        bed,
        stage,
        packing,
    }: &Packed,
    ids: &dyn Ids,
) -> packings::Packing {
    packings::Packing {
        id: ids.next(),
        bed_id: job.bed_id,
        content_hash: stage.key.clone(),
        packing_seed: bed.packing.seed.into(),
        particles_inside: count(packing.inside),
        particles_escaped: count(packing.escaped.len()),
        settled: packing.settled,
        max_overlap_ratio: packing.max_overlap_ratio,
        wall_penetration_ratio: packing.wall_penetration_ratio,
        bed_height_m: packing.bed_height_m,
        bulk_porosity: packing.bulk_porosity,
        core_porosity: packing.core_porosity,
        mean_coordination: packing.mean_coordination,
        detail: detail(&stage.output, &bed.packing_inputs_hash()),
    }
}

/// Everything that was measured, and what the packing answers to: see [`bed::Bed::packing_inputs_hash`].
fn detail(output: &Value, inputs_hash: &str) -> Value {
    let mut detail = output.clone();
    detail["inputs_hash"] = json!(inputs_hash);
    detail
}

fn count(particles: usize) -> i32 {
    i32::try_from(particles).unwrap_or(i32::MAX)
}
