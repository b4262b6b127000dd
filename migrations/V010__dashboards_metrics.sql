-- Dashboards: which charts a project looks at. `panels` is what the API has checked.
CREATE TABLE dashboards (
    id          uuid PRIMARY KEY,
    project_id  uuid NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 2000),
    panels      jsonb NOT NULL CHECK (jsonb_typeof(panels) = 'array' AND jsonb_array_length(panels) <= 24),
    version     integer NOT NULL DEFAULT 1 CHECK (version > 0),
    created_by  uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX dashboards_name_in_project ON dashboards (project_id, name);
CREATE INDEX dashboards_project ON dashboards (project_id, id);

-- Metrics: what finished jobs measured, and what other systems post. The row of a job has the job's id. A metric without
-- a project is seen by who posted it. `key` is the poster's own: the same one again is the same metric.
CREATE TABLE metrics (
    id                 uuid PRIMARY KEY,
    key                text CHECK (char_length(key) BETWEEN 1 AND 200),
    project_id         uuid REFERENCES projects (id) ON DELETE CASCADE,
    user_id            uuid REFERENCES users (id) ON DELETE SET NULL,
    kind               text NOT NULL CHECK (kind ~ '^[a-z0-9][a-z0-9_.-]{0,49}$'),
    "timestamp"        timestamptz NOT NULL DEFAULT now(),
    period             text NOT NULL DEFAULT 'instant' CHECK (period IN ('instant', 'job', 'minute', 'hour', 'day')),
    ia_efficiency      double precision CHECK (ia_efficiency BETWEEN 0 AND 1),
    model_accuracy     double precision CHECK (model_accuracy BETWEEN 0 AND 1),
    processing_time_ms double precision CHECK (processing_time_ms >= 0 AND processing_time_ms < 'Infinity'),
    memory_usage_mb    double precision CHECK (memory_usage_mb >= 0 AND memory_usage_mb < 'Infinity'),
    error_rate         double precision CHECK (error_rate BETWEEN 0 AND 1),
    is_sample          boolean NOT NULL DEFAULT false,
    CONSTRAINT metrics_say_something CHECK (
        num_nonnulls(ia_efficiency, model_accuracy, processing_time_ms, memory_usage_mb, error_rate) > 0)
);
CREATE UNIQUE INDEX metrics_key ON metrics (user_id, key);
CREATE INDEX metrics_project ON metrics (project_id, "timestamp");
CREATE INDEX metrics_user ON metrics (user_id, "timestamp") WHERE project_id IS NULL;
CREATE INDEX metrics_without_project ON metrics ("timestamp") WHERE project_id IS NULL;
