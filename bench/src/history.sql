-- A past of :rows rows in each of the tables that only grow. Everything follows from the number of a row. Each project
-- leaves one metric an hour; jobs and audits fall to the first projects more than to the last; usage is a thousand events
-- an hour. All of it ends at :end. Foreign keys hold but are not checked, and indexes are made at the end.
SET statement_timeout = 0;
SET synchronous_commit = off;
SET maintenance_work_mem = '256MB';
SET session_replication_role = replica;

CREATE FUNCTION pg_temp.id(space int, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN ('00000000-0000-7000-8' || lpad(to_hex(space), 3, '0') || '-' || lpad(to_hex(number), 12, '0'))::uuid;
CREATE FUNCTION pg_temp.id_at(at timestamptz, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN (lpad(to_hex((date_part('epoch', at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(number), 12, '0'))::uuid;

CREATE TEMP TABLE later AS
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename IN ('metrics', 'jobs', 'automation_audits', 'usage_events', 'usage_hourly', 'usage_daily')
        AND indexname NOT IN (SELECT conname FROM pg_constraint);
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT indexname FROM later LOOP EXECUTE 'DROP INDEX ' || name; END LOOP;
END $$;

INSERT INTO users (id, name, email, role)
    SELECT pg_temp.id(1, n), 'Person ' || n, 'person' || n || '@example.org', CASE n WHEN 0 THEN 'admin' ELSE 'member' END
    FROM generate_series(0, 3 * :projects) n;
INSERT INTO projects (id, name) SELECT pg_temp.id(2, n), 'Project ' || n FROM generate_series(0, :projects - 1) n;
-- The third person of each project is in the two after it, too.
INSERT INTO project_members (project_id, user_id, role)
    SELECT pg_temp.id(2, n), pg_temp.id(1, 3 * n + k), CASE k WHEN 2 THEN 'editor' ELSE 'owner' END
    FROM generate_series(0, :projects - 1) n CROSS JOIN generate_series(1, 3) k
    UNION SELECT pg_temp.id(2, (n + k) % :projects), pg_temp.id(1, 3 * n + 3), 'owner'
    FROM generate_series(0, :projects - 1) n CROSS JOIN generate_series(1, 2) k;
INSERT INTO beds (id, project_id, created_by, name, spec, spec_hash, tube_diameter_m, tube_height_m, particle_diameter_m,
        particle_count)
    SELECT pg_temp.id(3, 10 * n + k), pg_temp.id(2, n), pg_temp.id(1, 3 * n + 1), 'Bed ' || k, '{}', repeat('a', 64), 0.05, 0.1,
        0.005, 100 + k
    FROM generate_series(0, :projects - 1) n CROSS JOIN generate_series(0, 9) k;
INSERT INTO simulations (id, bed_id, project_id, regime, velocities_m_s, conditions, status, started_at, finished_at)
    SELECT pg_temp.id(4, 10 * n + k), pg_temp.id(3, 10 * n + k), pg_temp.id(2, n), 'laminar', '{0.1}', '{}', 'completed', now(), now()
    FROM generate_series(0, :projects - 1) n CROSS JOIN generate_series(0, 9) k;

INSERT INTO metrics (id, project_id, user_id, kind, "timestamp", period, ia_efficiency, model_accuracy, processing_time_ms,
        memory_usage_mb, error_rate)
    SELECT pg_temp.id_at(at, n), pg_temp.id(2, n % :projects), pg_temp.id(1, 3 * (n % :projects) + 1 + n % 3),
        (ARRAY['packing', 'flow', 'flow', 'import'])[1 + n % 4], at, 'job', 0.9 + 0.05 * sin(n), 0.95 + 0.04 * cos(n),
        60000 + 1000 * (n % 977), 200 + n % 411, CASE WHEN n % 20 = 0 THEN 0.5 ELSE 0 END
    FROM generate_series(0, :rows - 1) n
    CROSS JOIN LATERAL (SELECT :end - make_interval(secs => 3600::float8 * ((:rows - 1 - n) / :projects)) AS at OFFSET 0) t;

-- By the square of an even spread (multiples of the golden ratio): a tenth of the projects has a third of the rows.
INSERT INTO jobs (id, kind, status, bed_id, simulation_id, project_id, created_by, input, attempt, max_attempts, run_after,
        woken_at, stage, fraction, error, event_seq, created_at, started_at, finished_at)
    SELECT pg_temp.id_at(at, n), CASE WHEN n % 20 < 9 THEN 'packing' ELSE 'flow' END, status,
        pg_temp.id(3, 10 * p + n % 10), CASE WHEN n % 20 < 9 THEN NULL ELSE pg_temp.id(4, 10 * p + n % 10) END,
        pg_temp.id(2, p), pg_temp.id(1, 3 * p + 1 + n % 3),
        jsonb_build_object('name', 'Bed ' || n % 10, 'seed', n), 1, 3, at, at, 'solve', 1,
        CASE status WHEN 'failed' THEN jsonb_build_object('class', 'permanent', 'code', 'diverged', 'message', 'the residual grew') END, 4, at,
        at + interval '2 s', at + interval '90 s'
    FROM generate_series(0, :rows - 1) n CROSS JOIN (SELECT 0.6180339887498949::float8 AS g) golden
    CROSS JOIN LATERAL (SELECT :end - make_interval(secs => 3600::float8 * (:rows - 1 - n) / :projects) AS at,
        floor(:projects * power(n * g - floor(n * g), 2))::bigint AS p,
        CASE WHEN n % 50 = 0 THEN 'cancelled' WHEN n % 21 = 3 THEN 'failed' ELSE 'completed' END AS status OFFSET 0) t;

INSERT INTO automation_audits (id, at, kind, action, target_id, project_id, user_id, session_id, meta)
    SELECT pg_temp.id_at(at, n), at,
        (ARRAY['bed', 'job', 'simulation', 'user', 'bed', 'submission', 'file', 'share_link', 'project', 'api_key'])[1 + n % 10],
        (ARRAY['created', 'created', 'updated', 'logged_in', 'deleted'])[1 + n % 5], pg_temp.id(3, n / 7), pg_temp.id(2, p),
        pg_temp.id(1, 3 * p + 1 + n % 3), pg_temp.id(5, n / 40), jsonb_build_object('name', 'Bed ' || n % 10)
    FROM generate_series(0, :rows - 1) n CROSS JOIN (SELECT 0.6180339887498949::float8 AS g) golden
    CROSS JOIN LATERAL (SELECT :end - make_interval(secs => 3600::float8 * (:rows - 1 - n) / :projects) AS at,
        floor(:projects * power(n * g - floor(n * g), 2))::bigint AS p OFFSET 0) t;

INSERT INTO usage_events (at, recorded_at, user_id, project_id, kind, amount)
    SELECT at, at, pg_temp.id(1, 1 + n % 40), pg_temp.id(2, n % 10),
        (ARRAY['requests', 'downloads', 'bytes_downloaded', 'jobs.flow.completed', 'engine_ms.flow'])[1 + n % 5], n % 1000
    FROM generate_series(0, :rows - 1) n
    CROSS JOIN LATERAL (SELECT :end - make_interval(secs => 3.6::float8 * (:rows - n)) AS at OFFSET 0) t;
-- What was rolled up before the last hour.
INSERT INTO usage_hourly (hour, kind, user_id, project_id, events, amount)
    SELECT date_trunc('hour', at, 'UTC'), kind, user_id, project_id, count(*), sum(amount) FROM usage_events
    WHERE at < :end - interval '1 hour' GROUP BY 1, 2, 3, 4;
INSERT INTO usage_daily (day, kind, user_id, project_id, events, amount)
    SELECT date_trunc('day', hour, 'UTC'), kind, user_id, project_id, sum(events), sum(amount) FROM usage_hourly GROUP BY 1, 2, 3, 4;

DO $$ DECLARE definition text; BEGIN
    FOR definition IN SELECT indexdef FROM later LOOP EXECUTE definition; END LOOP;
END $$;
SET session_replication_role = origin;
