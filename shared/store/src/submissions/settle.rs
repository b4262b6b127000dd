//! How the status of a submission follows its jobs: called after every change of a job's status, in its transaction.

use uuid::Uuid;

use crate::{Error, Transaction, sql};

/// Whoever ends the last two jobs of a submission at once would each see the other one running; so they queue here, and
/// the statement after this one sees what was committed before. Jobs are always locked before submissions.
pub(super) const LOCK: &str = "
    SELECT id FROM submissions WHERE id IN (SELECT submission_id FROM submission_jobs WHERE job_id = ANY ($1))
    ORDER BY id FOR NO KEY UPDATE";

/// What the failure of a job is that was cancelled.
macro_rules! cancelled {
    () => {
        r#"'{"class": "permanent", "code": "cancelled", "message": "the job was cancelled"}'::jsonb"#
    };
}

/// The stored numbers of a submission's simulations. Files stand apart, because they are many.
macro_rules! result {
    () => {
        "jsonb_build_object(
            'simulations', coalesce((
                SELECT jsonb_agg(jsonb_build_object(
                    'id', sim.id, 'bed_id', sim.bed_id, 'bed', beds.name, 'status', sim.status, 'regime', sim.regime,
                    'conditions', sim.conditions,
                    'packing', (
                        SELECT jsonb_build_object('id', p.id, 'packing_seed', p.packing_seed,
                            'particles_inside', p.particles_inside, 'bed_height_m', p.bed_height_m,
                            'bulk_porosity', p.bulk_porosity, 'core_porosity', p.core_porosity,
                            'mean_coordination', p.mean_coordination)
                        FROM packings p WHERE p.id = sim.packing_id),
                    'velocities', coalesce((
                        SELECT jsonb_agg(jsonb_build_object(
                            'superficial_velocity_m_s', flow.velocity, 'quantities', flow.quantities, 'comparisons',
                            coalesce(sim.summary #> ARRAY['flows', flow.index::text, 'comparisons'], '[]'))
                            ORDER BY flow.index)
                        FROM (
                            SELECT velocity_index AS index, min(superficial_velocity_m_s) AS velocity,
                                jsonb_object_agg(quantity, jsonb_build_object(
                                    'value', value, 'unit', unit, 'uncertainty', uncertainty)) AS quantities
                            FROM results WHERE results.simulation_id = sim.id GROUP BY velocity_index) flow), '[]'))
                    ORDER BY listed.position)
                FROM submission_simulations listed
                JOIN simulations sim ON sim.id = listed.simulation_id JOIN beds ON beds.id = sim.bed_id
                WHERE listed.submission_id = s.id), '[]'),
            'files', coalesce((
                SELECT jsonb_agg(jsonb_build_object('id', f.id, 'bed_id', f.bed_id, 'simulation_id', f.simulation_id,
                    'kind', f.kind, 'name', f.name, 'bytes', f.bytes, 'sha256', f.sha256) ORDER BY f.id)
                FROM submission_simulations listed JOIN bed_files f ON f.simulation_id = listed.simulation_id
                WHERE listed.submission_id = s.id), '[]'))"
    };
}

/// A failure comes before a cancellation, and of several the first: what else failed may have failed because of it.
pub(super) const FINISH: &str = concat!(
    "WITH told AS (
        SELECT s.id, coalesce(bool_and(j.status IN ('completed', 'failed', 'cancelled')), true) AS over,
            coalesce(bool_or(j.started_at IS NOT NULL OR j.finished_at IS NOT NULL), false) AS begun,
            (array_agg(CASE j.status WHEN 'failed' THEN j.error ELSE ",
    cancelled!(),
    " END ORDER BY j.status = 'cancelled', j.finished_at, j.id)
                FILTER (WHERE j.status IN ('failed', 'cancelled')))[1] AS error
        FROM submissions s LEFT JOIN submission_jobs l ON l.submission_id = s.id LEFT JOIN jobs j ON j.id = l.job_id
        WHERE s.id = ANY ($1) GROUP BY s.id)
     UPDATE submissions s SET
        status = CASE WHEN told.over AND told.error IS NOT NULL THEN 'error' WHEN told.over THEN 'done'
            WHEN told.begun THEN 'running' ELSE 'queued' END,
        error = CASE WHEN told.over THEN told.error END,
        finished_at = CASE WHEN told.over THEN now() END,
        result = CASE WHEN told.over THEN ",
    result!(),
    " END
     FROM told WHERE s.id = told.id"
);

/// Moves the submissions behind which these jobs are. Their status, error and result are computed from all their jobs.
pub(crate) async fn settle(tx: &Transaction<'_>, jobs: &[Uuid]) -> Result<(), Error> {
    let rows = sql::rows(tx, LOCK, &[&jobs]).await?;
    let ids: Vec<Uuid> = rows
        .iter()
        .map(|row| row.try_get("id"))
        .collect::<Result<_, _>>()?;
    finish(tx, &ids).await
}

/// The same for submissions that the caller has locked or just made.
pub(super) async fn finish(tx: &Transaction<'_>, ids: &[Uuid]) -> Result<(), Error> {
    if !ids.is_empty() {
        sql::execute(tx, FINISH, &[&ids]).await?;
    }
    Ok(())
}
