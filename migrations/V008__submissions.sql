-- Submissions: work asked for as a whole, of a registered kind and version. Who asked is written down as they were then.
-- The status is a function of the jobs behind it and is moved in the transactions that move them.
CREATE TABLE submissions (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind <> ''),
    version     integer NOT NULL CHECK (version > 0),
    project_id  uuid NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id     uuid REFERENCES users (id) ON DELETE SET NULL,
    actor_name  text NOT NULL,
    actor_email text NOT NULL,
    actor_cpf   text CHECK (actor_cpf ~ '^[0-9]{11}$'),
    payload     jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    status      text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'done', 'error')),
    result      jsonb CHECK (jsonb_typeof(result) = 'object'),
    error       jsonb CHECK (jsonb_typeof(error) = 'object'),
    created_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- What people wrote and what came of it, except for the many names and checksums of files.
    words       tsvector NOT NULL GENERATED ALWAYS AS (
        jsonb_to_tsvector('simple', payload, '["string"]')
        || jsonb_to_tsvector('simple', coalesce(result, '{}') - 'files', '["string"]')
        || jsonb_to_tsvector('simple', coalesce(error, '{}'), '["string"]')) STORED,
    CHECK ((status IN ('done', 'error')) = (finished_at IS NOT NULL)),
    CHECK ((status IN ('done', 'error')) = (result IS NOT NULL)),
    CHECK ((status = 'error') = (error IS NOT NULL))
);
CREATE INDEX submissions_project ON submissions (project_id, id);
CREATE INDEX submissions_user ON submissions (user_id, id);
CREATE INDEX submissions_kind ON submissions (kind, id);
CREATE INDEX submissions_status ON submissions (status, id);
CREATE INDEX submissions_payload ON submissions USING gin (payload jsonb_path_ops);
CREATE INDEX submissions_result ON submissions USING gin (result jsonb_path_ops);
CREATE INDEX submissions_words ON submissions USING gin (words);

-- The work behind a submission: the jobs made for it, and the simulations its result speaks of, in their order.
CREATE TABLE submission_jobs (
    submission_id uuid NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    job_id        uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    PRIMARY KEY (submission_id, job_id)
);
CREATE INDEX submission_jobs_job ON submission_jobs (job_id);
CREATE TABLE submission_simulations (
    submission_id uuid NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    position      integer NOT NULL CHECK (position >= 0),
    simulation_id uuid NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    PRIMARY KEY (submission_id, position)
);
CREATE INDEX submission_simulations_simulation ON submission_simulations (simulation_id);

-- Audits are also looked for by action and by log-in.
CREATE INDEX automation_audits_action ON automation_audits (action, id);
CREATE INDEX automation_audits_session ON automation_audits (session_id, id);

-- The role under which functions and workers act; the owner of the tables keeps migrations. Roles belong to the whole
-- server, so another database of it may have made this one, or be making it at this moment.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'leito_app') THEN
        CREATE ROLE leito_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'leito_app', 'MEMBER') THEN
        EXECUTE format('GRANT leito_app TO %I', current_user);
    END IF;
EXCEPTION WHEN unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO leito_app', current_schema);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO leito_app', current_schema);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO leito_app', current_schema);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO leito_app', current_schema);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO leito_app', current_schema);
END $$;
-- What was recorded stays: the application may add audits and read them. The trigger of the table refuses everybody
-- else, its owner included.
REVOKE UPDATE, DELETE ON automation_audits FROM leito_app;
-- Which migrations were applied is the owner's to say.
REVOKE INSERT, UPDATE, DELETE ON refinery_schema_history FROM leito_app;
