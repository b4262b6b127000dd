-- The words of a text, for searches by the beginnings of words. What stands between words is a space here, so that the parts
-- of an e-mail address are words too.
CREATE FUNCTION search_words(words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_tsvector('simple'::regconfig, translate(words, '@._-+/:''"&|!()<>*,;', repeat(' ', 19)));

-- Users: people, and the one account of a machine that serves nobody else. Who has no password enters with keys alone.
CREATE TABLE users (
    id            uuid PRIMARY KEY,
    name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    email         text NOT NULL CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254),
    cpf           text CHECK (cpf ~ '^[0-9]{11}$'),
    password_hash text CHECK (password_hash LIKE '$argon2id$%'),
    role          text NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'admin')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE UNIQUE INDEX users_cpf ON users (cpf);
CREATE INDEX users_words ON users USING gin (search_words(name || ' ' || email));
CREATE INDEX users_admins ON users (id) WHERE role = 'admin';

-- Refresh tokens: one row each, all of one log-in in one family. A used one that is shown again ends its family.
CREATE TABLE refresh_tokens (
    id         uuid PRIMARY KEY,
    family_id  uuid NOT NULL,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    revoked_at timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- API keys: for programs. `hint` is the beginning of the key, so that its owner knows it again.
CREATE TABLE api_keys (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    hint         text NOT NULL,
    key_hash     bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'write']),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX api_keys_user ON api_keys (user_id, id);

-- Rate limits: requests counted per bucket (an address, an account) in windows of fixed length.
CREATE TABLE rate_limits (
    bucket       text NOT NULL,
    window_start timestamptz NOT NULL,
    requests     integer NOT NULL CHECK (requests > 0),
    PRIMARY KEY (bucket, window_start)
);
CREATE INDEX rate_limits_age ON rate_limits (window_start);

-- Projects: who works together. Everything but accounts belongs to one.
CREATE TABLE projects (
    id          uuid PRIMARY KEY,
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 2000),
    version     integer NOT NULL DEFAULT 1 CHECK (version > 0),
    created_by  uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE project_members (
    project_id uuid NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX project_members_user ON project_members (user_id, project_id);
CREATE INDEX projects_words ON projects USING gin (search_words(name || ' ' || description));

-- What a user may do in a project: viewer, editor, owner, or null for nothing. An administrator owns everything.
-- The statements that read a row for somebody call this, so that nothing is read first and forbidden later.
CREATE FUNCTION project_role(member uuid, project uuid) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE
        WHEN EXISTS (SELECT FROM users WHERE users.id = member AND users.role = 'admin') THEN 'owner'
        ELSE (SELECT m.role FROM project_members m WHERE m.project_id = project AND m.user_id = member)
    END;

-- Beds from before there were accounts get a project of their own; whoever administers the system finds it.
INSERT INTO projects (id, name, description)
SELECT '00000000-0000-7000-8000-000000000001', 'Before accounts', 'Beds made before there were accounts.'
WHERE EXISTS (SELECT FROM beds);
ALTER TABLE beds
    ADD COLUMN project_id uuid REFERENCES projects (id) ON DELETE CASCADE,
    ADD COLUMN created_by uuid REFERENCES users (id) ON DELETE SET NULL,
    ADD COLUMN description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 2000);
UPDATE beds SET project_id = '00000000-0000-7000-8000-000000000001';
-- Two beds of one name were allowed before; the later one says which it is.
UPDATE beds SET name = left(name, 60) || ' ' || id
WHERE EXISTS (SELECT FROM beds earlier WHERE earlier.name = beds.name AND earlier.id < beds.id);
ALTER TABLE beds ALTER COLUMN project_id SET NOT NULL;
CREATE UNIQUE INDEX beds_name_in_project ON beds (project_id, name);

-- Audits: who did what, when. Written in the transaction of the change itself, never changed and never deleted. The ids
-- are no foreign keys: the record outlives what it speaks of.
CREATE TABLE automation_audits (
    id            uuid PRIMARY KEY,
    at            timestamptz NOT NULL DEFAULT now(),
    kind          text NOT NULL CHECK (kind <> ''),
    action        text NOT NULL CHECK (action <> ''),
    target_id     uuid,
    project_id    uuid,
    submission_id uuid,
    user_id       uuid,
    session_id    uuid,
    meta          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(meta) = 'object')
);
CREATE INDEX automation_audits_project ON automation_audits (project_id, id);
CREATE INDEX automation_audits_user ON automation_audits (user_id, id);
CREATE INDEX automation_audits_kind ON automation_audits (kind, id);
CREATE INDEX automation_audits_target ON automation_audits (target_id, id);
CREATE INDEX automation_audits_submission ON automation_audits (submission_id, id);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE TRIGGER automation_audits_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON automation_audits
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
