-- What a user may do in a project is asked by nearly every statement. A function in SQL that holds a query is planned anew by
-- each statement that calls it; the plans of one in PL/pgSQL are kept by the connection.
CREATE OR REPLACE FUNCTION project_role(member uuid, project uuid) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN CASE
        WHEN EXISTS (SELECT FROM users WHERE users.id = member AND users.role = 'admin') THEN 'owner'
        ELSE (SELECT m.role FROM project_members m WHERE m.project_id = project AND m.user_id = member)
    END;
END $$;

-- Audits of one kind, for whoever does not see all of them.
CREATE INDEX automation_audits_user_kind ON automation_audits (user_id, kind, id);
CREATE INDEX automation_audits_project_kind ON automation_audits (project_id, kind, id);

-- The jobs that one person wanted, in the order of a list: a walk along each project's.
CREATE INDEX jobs_creator_in_project ON jobs (project_id, created_by, created_at, id);

-- Simulations by status and by how long they lasted, as what each change adds or takes away: whoever asks for the figures
-- would read all simulations otherwise. Rows of one status and class add up; the hourly roll-up makes one of them. `class`
-- is how many of the bounds (seconds; those of the figures) a simulation exceeded that has ended, null for others.
CREATE TABLE simulation_totals (
    status text NOT NULL,
    class  integer,
    count  bigint NOT NULL,
    sum_s  double precision NOT NULL
);
CREATE FUNCTION simulation_duration_s(simulations) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extract(epoch FROM $1.finished_at - coalesce($1.started_at, $1.finished_at));
CREATE FUNCTION simulation_class(duration_s double precision) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN duration_s IS NOT NULL THEN (
        SELECT count(*) FROM UNNEST(ARRAY[60, 180, 600, 1800, 3600, 7200, 21600, 43200, 86400]::double precision[]) bound
        WHERE bound < duration_s) END;
CREATE FUNCTION count_simulation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before_s double precision := CASE WHEN TG_OP <> 'INSERT' THEN simulation_duration_s(OLD) END;
    after_s double precision := CASE WHEN TG_OP <> 'DELETE' THEN simulation_duration_s(NEW) END;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO simulation_totals VALUES (OLD.status, simulation_class(before_s), -1, -coalesce(before_s, 0));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO simulation_totals VALUES (NEW.status, simulation_class(after_s), 1, coalesce(after_s, 0));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER simulations_counted AFTER INSERT OR DELETE OR UPDATE OF status, started_at, finished_at ON simulations
    FOR EACH ROW EXECUTE FUNCTION count_simulation();
INSERT INTO simulation_totals (status, class, count, sum_s)
SELECT status, simulation_class(lasted.s), count(*), coalesce(sum(lasted.s), 0)
FROM simulations CROSS JOIN LATERAL simulation_duration_s(simulations) AS lasted (s) GROUP BY 1, 2;
