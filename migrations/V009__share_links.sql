-- Share links: one file, or all files of one simulation, for whoever has the token. Only the token's hash is kept. A link
-- is good while it has not expired, was not revoked, has downloads left, and who made it may still share what it shows.
CREATE TABLE fileshare_items (
    id                 uuid PRIMARY KEY,
    token_hash         bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    project_id         uuid NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id            uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    file_id            uuid REFERENCES bed_files (id) ON DELETE CASCADE,
    simulation_id      uuid REFERENCES simulations (id) ON DELETE CASCADE,
    password_hash      text CHECK (password_hash LIKE '$argon2id$%'),
    max_downloads      integer CHECK (max_downloads > 0),
    downloads          integer NOT NULL DEFAULT 0 CHECK (downloads >= 0),
    created_at         timestamptz NOT NULL DEFAULT now(),
    expires_at         timestamptz NOT NULL,
    last_downloaded_at timestamptz,
    deleted_at         timestamptz,
    CONSTRAINT fileshare_items_one_thing CHECK (num_nonnulls(file_id, simulation_id) = 1),
    CONSTRAINT fileshare_items_counted CHECK (downloads <= max_downloads)
);
CREATE INDEX fileshare_items_user ON fileshare_items (user_id, id);
CREATE INDEX fileshare_items_project ON fileshare_items (project_id);
CREATE INDEX fileshare_items_file ON fileshare_items (file_id);
CREATE INDEX fileshare_items_simulation ON fileshare_items (simulation_id);
CREATE INDEX fileshare_items_expiry ON fileshare_items (expires_at);
