//! What a job that has just ended leaves in the metrics, computed from the rows that its transaction sees.

use uuid::Uuid;

use crate::{Error, Transaction, sql};

// Engine time and memory are those of the stages that this job finished itself: what it found in the store cost it no
// engine. The failed stage of a failed job has left neither.
pub(super) const OF_JOB: &str = r#"
    WITH ended AS (
        SELECT j.id, j.kind, j.status, j.attempt, j.finished_at, b.project_id, b.created_by,
            greatest(extract(epoch FROM j.finished_at - j.started_at), 0)::float8 AS wall_s,
            jsonb_path_query_first(s.summary, '$.model_accuracy ? (@ >= 0 && @ <= 1)')::float8 AS model_accuracy
        FROM jobs j JOIN beds b ON b.id = j.bed_id
        LEFT JOIN simulations s ON s.id = j.simulation_id AND j.kind = 'flow' AND j.status = 'completed'
        WHERE j.id = $1 AND j.status IN ('completed', 'failed') AND j.attempt > 0 AND j.started_at IS NOT NULL
    ), stages AS (
        SELECT DISTINCT ON (o.key)
            coalesce(jsonb_path_query_first(o.output, '$.seconds ? (@ >= 0)')::float8,
                (SELECT sum(part::float8) FROM jsonb_path_query(o.output,
                    '$.times_s ? (@.type() == "object").keyvalue() ? (@.key != "analysis").value ? (@ >= 0)') part)
            ) AS engine_s,
            jsonb_path_query_first(o.output, '$.peak_memory_mb ? (@ >= 0)')::float8 AS memory_mb
        FROM job_events e JOIN stage_outputs o ON o.key = e.data ->> 'key'
        WHERE e.job_id = $1 AND e.kind = 'stage_finished'
    ), engines AS (
        SELECT coalesce(sum(engine_s), 0) AS engine_s, max(memory_mb) AS memory_mb FROM stages
    )
    INSERT INTO metrics (id, project_id, user_id, kind, "timestamp", period, ia_efficiency, model_accuracy,
        processing_time_ms, memory_usage_mb, error_rate)
    SELECT id, project_id, created_by, kind, finished_at, 'job',
        CASE WHEN status = 'completed' AND wall_s > 0 THEN least(engine_s / wall_s, 1) END,
        model_accuracy, wall_s * 1000, memory_mb,
        (attempt - (status = 'completed')::int)::float8 / attempt
    FROM ended CROSS JOIN engines
    ON CONFLICT DO NOTHING"#;

/// Writes the row of a job that was completed or failed. A job that ended before anybody took it leaves none.
pub(crate) async fn of_job(tx: &Transaction<'_>, job_id: Uuid) -> Result<(), Error> {
    sql::execute(tx, OF_JOB, &[&job_id]).await?;
    Ok(())
}
