-- What lists are searched and sorted by. A job and a simulation belong to the project of their bed, a result to that of
-- its simulation: copied when the row is made, so that a page of a project is one walk along an index. A bed never
-- changes its project, so the copies stay true.
ALTER TABLE simulations ADD COLUMN project_id uuid REFERENCES projects (id) ON DELETE CASCADE;
ALTER TABLE jobs
    ADD COLUMN project_id uuid REFERENCES projects (id) ON DELETE CASCADE,
    ADD COLUMN created_by uuid REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE results ADD COLUMN project_id uuid;
UPDATE simulations SET project_id = beds.project_id FROM beds WHERE beds.id = simulations.bed_id;
UPDATE jobs SET project_id = beds.project_id FROM beds WHERE beds.id = jobs.bed_id;
UPDATE results SET project_id = simulations.project_id FROM simulations WHERE simulations.id = results.simulation_id;
ALTER TABLE simulations ALTER COLUMN project_id SET NOT NULL;
ALTER TABLE jobs ALTER COLUMN project_id SET NOT NULL;
ALTER TABLE results ALTER COLUMN project_id SET NOT NULL;

CREATE FUNCTION take_project_of_bed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.project_id := (SELECT project_id FROM beds WHERE id = NEW.bed_id); RETURN NEW; END $$;
CREATE FUNCTION take_project_of_simulation() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.project_id := (SELECT project_id FROM simulations WHERE id = NEW.simulation_id); RETURN NEW; END $$;
CREATE TRIGGER simulations_in_project BEFORE INSERT ON simulations
    FOR EACH ROW EXECUTE FUNCTION take_project_of_bed();
CREATE TRIGGER jobs_in_project BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION take_project_of_bed();
CREATE TRIGGER results_in_project BEFORE INSERT ON results
    FOR EACH ROW EXECUTE FUNCTION take_project_of_simulation();
CREATE FUNCTION keep_project() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a bed stays in its project' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER beds_stay_in_project BEFORE UPDATE OF project_id ON beds
    FOR EACH ROW WHEN (OLD.project_id <> NEW.project_id) EXECUTE FUNCTION keep_project();

-- Beds by what they are: each list of a project is sorted by one of these.
ALTER TABLE beds ADD COLUMN tube_to_particle_ratio double precision NOT NULL
    GENERATED ALWAYS AS (tube_diameter_m / particle_diameter_m) STORED;
CREATE INDEX beds_created ON beds (project_id, created_at, id);
CREATE INDEX beds_updated ON beds (project_id, updated_at, id);
CREATE INDEX beds_name ON beds (project_id, name, id);
CREATE INDEX beds_tube_diameter ON beds (project_id, tube_diameter_m, id);
CREATE INDEX beds_tube_height ON beds (project_id, tube_height_m, id);
CREATE INDEX beds_particle_diameter ON beds (project_id, particle_diameter_m, id);
CREATE INDEX beds_particle_count ON beds (project_id, particle_count, id);
CREATE INDEX beds_ratio ON beds (project_id, tube_to_particle_ratio, id);
CREATE INDEX beds_words ON beds USING gin (search_words(name || ' ' || description));
CREATE INDEX beds_creator ON beds (created_by);

CREATE INDEX simulations_created ON simulations (project_id, created_at, id);
CREATE INDEX simulations_status ON simulations (project_id, status, created_at, id);
CREATE INDEX simulations_of_bed ON simulations (bed_id, created_at, id);
CREATE INDEX results_value ON results (project_id, quantity, value, simulation_id, velocity_index);

CREATE INDEX jobs_created ON jobs (project_id, created_at, id);
CREATE INDEX jobs_status ON jobs (project_id, status, created_at, id);
CREATE INDEX jobs_kind ON jobs (project_id, kind, created_at, id);
CREATE INDEX jobs_creator ON jobs (created_by, created_at, id);
CREATE INDEX jobs_of_bed ON jobs (bed_id, created_at, id);
CREATE INDEX jobs_unfinished ON jobs (bed_id, id) WHERE status IN ('queued', 'running');
CREATE INDEX jobs_queue ON jobs (kind, id) WHERE status = 'queued';

-- A job that failed or was cancelled may be queued again.
ALTER TABLE job_events DROP CONSTRAINT job_events_kind_check;
ALTER TABLE job_events ADD CONSTRAINT job_events_kind_check CHECK (kind IN ('queued', 'claimed', 'progress',
    'stage_finished', 'reused', 'retry', 'interrupted', 'cancel_requested', 'completed', 'failed', 'cancelled',
    'retried'));
