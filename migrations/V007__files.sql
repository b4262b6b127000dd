-- Uploads: files on their way into a bed in parts. A row goes when its file appears in bed_files, or when the upload is
-- given up. Whose bed or author is gone stays until the clean-up has told the object store.
CREATE TABLE uploads (
    id           uuid PRIMARY KEY,
    bed_id       uuid REFERENCES beds (id) ON DELETE SET NULL,
    user_id      uuid REFERENCES users (id) ON DELETE SET NULL,
    kind         text NOT NULL CHECK (kind <> ''),
    name         text NOT NULL CHECK (name <> '' AND name !~ '/'),
    object_key   text NOT NULL UNIQUE CHECK (object_key <> ''),
    multipart_id text NOT NULL CHECK (multipart_id <> ''),
    content_type text NOT NULL,
    bytes        bigint NOT NULL CHECK (bytes > 0),
    part_bytes   bigint NOT NULL CHECK (part_bytes > 0),
    sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX uploads_bed ON uploads (bed_id, id);
CREATE INDEX uploads_user ON uploads (user_id, id);
CREATE INDEX uploads_expiry ON uploads (expires_at);

-- Object tombstones: keys in the object store that may be dead. One is written in the transaction that takes a reference
-- away, and before an object is made whose first reference comes later. Whether a key is dead is asked when it is due.
CREATE TABLE object_tombstones (
    object_key text PRIMARY KEY CHECK (object_key <> ''),
    since      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX object_tombstones_since ON object_tombstones (since);

-- Artefacts are shared: the same object is a file of several beds and the stored output of a stage.
CREATE INDEX bed_files_object ON bed_files (object_key);
CREATE INDEX stage_outputs_files ON stage_outputs USING gin (files jsonb_path_ops);
CREATE INDEX stage_outputs_age ON stage_outputs (created_at);

-- Lists of a bed's files of one kind, or of one simulation.
CREATE INDEX bed_files_bed_kind ON bed_files (bed_id, kind, id);
CREATE INDEX bed_files_bed_simulation ON bed_files (bed_id, simulation_id, id);

-- Whether anything refers to an object. A later migration that makes another table with object keys replaces this.
CREATE FUNCTION object_is_used(object text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN EXISTS (SELECT FROM bed_files WHERE bed_files.object_key = object)
        OR EXISTS (SELECT FROM uploads WHERE uploads.object_key = object)
        OR EXISTS (SELECT FROM stage_outputs
            WHERE stage_outputs.files @> jsonb_build_array(jsonb_build_object('key', object)));
