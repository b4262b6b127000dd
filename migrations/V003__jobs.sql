-- Jobs: one row of work each. docs/job-states.md says who writes what; the pure rules are in the crate `job`.
CREATE TABLE jobs (
    id               uuid PRIMARY KEY,
    kind             text NOT NULL CHECK (kind IN ('packing', 'flow')),
    status           text NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    bed_id           uuid NOT NULL REFERENCES beds (id) ON DELETE CASCADE,
    simulation_id    uuid REFERENCES simulations (id) ON DELETE CASCADE,
    after_job_id     uuid REFERENCES jobs (id) ON DELETE NO ACTION,
    input            jsonb NOT NULL CHECK (jsonb_typeof(input) = 'object'),
    attempt          integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    max_attempts     integer NOT NULL CHECK (max_attempts > 0),
    lease_token      uuid,
    lease_expires_at timestamptz,
    run_after        timestamptz NOT NULL DEFAULT now(),
    woken_at         timestamptz NOT NULL DEFAULT now(),
    cancel_requested boolean NOT NULL DEFAULT false,
    stage            text,
    fraction         double precision CHECK (fraction BETWEEN 0 AND 1),
    eta_s            double precision CHECK (eta_s >= 0 AND eta_s < 'Infinity'),
    error            jsonb CHECK (jsonb_typeof(error) = 'object'),
    event_seq        integer NOT NULL DEFAULT 0 CHECK (event_seq >= 0),
    created_at       timestamptz NOT NULL DEFAULT now(),
    started_at       timestamptz,
    finished_at      timestamptz,
    CONSTRAINT jobs_attempts_left CHECK (attempt <= max_attempts AND (status <> 'queued' OR attempt < max_attempts)),
    CONSTRAINT jobs_lease_while_running CHECK (
        (status = 'running') = (lease_token IS NOT NULL) AND (status = 'running') = (lease_expires_at IS NOT NULL)),
    CONSTRAINT jobs_finished CHECK ((status IN ('completed', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT jobs_failure_says_why CHECK (status <> 'failed' OR error IS NOT NULL),
    CONSTRAINT jobs_flow_has_simulation CHECK (kind <> 'flow' OR simulation_id IS NOT NULL),
    CONSTRAINT jobs_not_after_itself CHECK (after_job_id <> id)
);
CREATE INDEX jobs_bed ON jobs (bed_id, id);
CREATE INDEX jobs_simulation ON jobs (simulation_id, id);
CREATE INDEX jobs_after ON jobs (after_job_id);
CREATE INDEX jobs_lease ON jobs (lease_expires_at) WHERE status = 'running';
CREATE INDEX jobs_waiting ON jobs (woken_at) WHERE status = 'queued';

-- Job events: the history callers follow. `seq` comes from jobs.event_seq, so it has no gaps.
CREATE TABLE job_events (
    job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    seq    integer NOT NULL CHECK (seq > 0),
    at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind   text NOT NULL CHECK (kind IN ('queued', 'claimed', 'progress', 'stage_finished', 'reused', 'retry',
        'interrupted', 'cancel_requested', 'completed', 'failed', 'cancelled')),
    data   jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(data) = 'object'),
    PRIMARY KEY (job_id, seq)
);

-- Outbox: messages decided on but not yet sent. A row is written in the transaction that makes it true and deleted
-- once the queue has taken the message.
CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id     uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('packing', 'flow')),
    send_after timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_due ON outbox (send_after, id);
CREATE INDEX outbox_job ON outbox (job_id);
