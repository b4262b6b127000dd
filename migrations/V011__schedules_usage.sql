-- Scheduled runs: one row for each time a schedule was due. Who inserts the row runs; an unfinished run is taken over by
-- the same time's next event once its deadline is past, and closed by the next time's run, whose work covers it.
CREATE TABLE scheduled_runs (
    name          text NOT NULL CHECK (name <> ''),
    scheduled_for timestamptz NOT NULL,
    run_token     uuid NOT NULL,
    attempt       integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
    started_at    timestamptz NOT NULL DEFAULT now(),
    deadline      timestamptz NOT NULL,
    finished_at   timestamptz,
    succeeded     boolean,
    outcome       jsonb CHECK (jsonb_typeof(outcome) = 'object'),
    PRIMARY KEY (name, scheduled_for),
    CONSTRAINT scheduled_runs_finished CHECK (
        (finished_at IS NULL) = (succeeded IS NULL) AND (finished_at IS NULL OR outcome IS NOT NULL))
);
CREATE INDEX scheduled_runs_unfinished ON scheduled_runs (name, scheduled_for) WHERE finished_at IS NULL;
CREATE INDEX scheduled_runs_succeeded ON scheduled_runs (name, scheduled_for) WHERE succeeded;
CREATE INDEX scheduled_runs_age ON scheduled_runs (scheduled_for);

-- Usage events: what was used, once each. `at` is when it happened, `recorded_at` when the row was written: a roll-up
-- finds late rows by the second. The ids are no foreign keys: what was used stays used. docs/operations.md lists the
-- kinds; their amounts are counts, bytes or milliseconds.
CREATE TABLE usage_events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    user_id     uuid,
    project_id  uuid,
    kind        text NOT NULL CHECK (kind ~ '^[a-z_]+(\.[a-z_]+)*$'),
    amount      bigint NOT NULL CHECK (amount >= 0),
    CONSTRAINT usage_events_not_too_late CHECK (at >= recorded_at - interval '30 days' AND at <= recorded_at + interval '1 day')
);
CREATE INDEX usage_events_at ON usage_events (at);
CREATE INDEX usage_events_recorded ON usage_events (recorded_at);

-- Roll-ups: sums of the events of one hour, and of the hours of one day (UTC).
CREATE TABLE usage_hourly (
    hour       timestamptz NOT NULL,
    kind       text NOT NULL,
    user_id    uuid,
    project_id uuid,
    events     bigint NOT NULL CHECK (events > 0),
    amount     bigint NOT NULL CHECK (amount >= 0),
    CONSTRAINT usage_hourly_once UNIQUE NULLS NOT DISTINCT (hour, kind, user_id, project_id)
);
CREATE INDEX usage_hourly_user ON usage_hourly (user_id, hour);
CREATE INDEX usage_hourly_project ON usage_hourly (project_id, hour);
CREATE TABLE usage_daily (
    day        timestamptz NOT NULL,
    kind       text NOT NULL,
    user_id    uuid,
    project_id uuid,
    events     bigint NOT NULL CHECK (events > 0),
    amount     bigint NOT NULL CHECK (amount >= 0),
    CONSTRAINT usage_daily_once UNIQUE NULLS NOT DISTINCT (day, kind, user_id, project_id)
);
CREATE INDEX usage_daily_user ON usage_daily (user_id, day);
CREATE INDEX usage_daily_project ON usage_daily (project_id, day);

-- The end of a job is used work, written with it whoever ends it: one event for the job, one for the milliseconds that
-- workers held it, from each claim to the end of that attempt. A job that is tried again by hand ends again, with its new attempts alone.
CREATE FUNCTION note_job_usage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held_ms bigint;
BEGIN
    SELECT coalesce(sum(extract(epoch FROM ended.at - claimed.at) * 1000), 0)::bigint INTO held_ms
    FROM job_events claimed
    CROSS JOIN LATERAL (
        SELECT coalesce(min(later.at), clock_timestamp()) AS at FROM job_events later
        WHERE later.job_id = claimed.job_id AND later.seq > claimed.seq
            AND later.kind IN ('claimed', 'retry', 'interrupted', 'completed', 'failed', 'cancelled')
    ) ended
    WHERE claimed.job_id = NEW.id AND claimed.kind = 'claimed' AND claimed.seq > (
        SELECT coalesce(max(seq), 0) FROM job_events WHERE job_id = NEW.id AND kind = 'retried');
    INSERT INTO usage_events (user_id, project_id, kind, amount)
    VALUES (NEW.created_by, NEW.project_id, 'jobs.' || NEW.kind || '.' || NEW.status, 1),
        (NEW.created_by, NEW.project_id, 'engine_ms.' || NEW.kind, greatest(held_ms, 0));
    RETURN NULL;
END $$;
CREATE TRIGGER jobs_usage AFTER UPDATE OF status ON jobs FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('completed', 'failed', 'cancelled'))
    EXECUTE FUNCTION note_job_usage();

-- Files: bytes that came and bytes that went. A bed that goes takes its files with it, and its project is no longer known
-- when they go: they are counted just before.
CREATE FUNCTION note_stored_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usage_events (user_id, project_id, kind, amount)
    SELECT beds.created_by, beds.project_id, 'bytes_stored', sum(fresh.bytes)
    FROM fresh JOIN beds ON beds.id = fresh.bed_id GROUP BY beds.created_by, beds.project_id;
    RETURN NULL;
END $$;
CREATE TRIGGER bed_files_stored AFTER INSERT ON bed_files REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION note_stored_bytes();
CREATE FUNCTION note_deleted_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usage_events (user_id, project_id, kind, amount)
    SELECT beds.created_by, beds.project_id, 'bytes_deleted', sum(gone.bytes)
    FROM gone JOIN beds ON beds.id = gone.bed_id GROUP BY beds.created_by, beds.project_id;
    RETURN NULL;
END $$;
CREATE TRIGGER bed_files_deleted AFTER DELETE ON bed_files REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION note_deleted_bytes();
CREATE FUNCTION note_bytes_of_deleted_bed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usage_events (user_id, project_id, kind, amount)
    SELECT OLD.created_by, OLD.project_id, 'bytes_deleted', sum(bytes) FROM bed_files
    WHERE bed_id = OLD.id HAVING count(*) > 0;
    RETURN OLD;
END $$;
CREATE TRIGGER beds_deleted BEFORE DELETE ON beds FOR EACH ROW EXECUTE FUNCTION note_bytes_of_deleted_bed();

-- What was there before events were written counts from now on as what it is: files by the day of this migration.
INSERT INTO usage_events (user_id, project_id, kind, amount)
SELECT beds.created_by, beds.project_id, 'bytes_stored', sum(bed_files.bytes)
FROM bed_files JOIN beds ON beds.id = bed_files.bed_id GROUP BY beds.created_by, beds.project_id;

-- The clean-up takes a tombstone before it deletes the object. From then on nobody may refer to the object any more; until
-- then whoever records it as a file saves it. Both change the tombstone's row, so one of them waits for the other. The
-- tombstone of a deleted object stays for a day, for whoever is late.
ALTER TABLE object_tombstones ADD COLUMN taken_at timestamptz, ADD COLUMN deleted_at timestamptz;
CREATE INDEX object_tombstones_deleted ON object_tombstones (deleted_at);
CREATE FUNCTION save_objects_of_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM object_tombstones WHERE object_key IN (
        SELECT object_key FROM object_tombstones
        WHERE taken_at IS NULL AND object_key IN (SELECT fresh.object_key FROM fresh)
        ORDER BY object_key FOR UPDATE);
    IF EXISTS (SELECT FROM object_tombstones JOIN fresh USING (object_key) WHERE taken_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an object of these files is deleted' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bed_files_save AFTER INSERT ON bed_files REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION save_objects_of_files();
