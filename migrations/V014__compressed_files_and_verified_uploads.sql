-- Text that engines write is stored compressed, as `name.gz`. Then the file's row says, beside size and hash of what is
-- stored, those of what it unpacks to. Rows from before this are of files that are stored as they are.
ALTER TABLE bed_files ADD COLUMN unpacked_bytes bigint, ADD COLUMN unpacked_sha256 text;
ALTER TABLE bed_files ADD CONSTRAINT bed_files_unpacked CHECK (
    (unpacked_bytes IS NULL) = (unpacked_sha256 IS NULL)
    AND unpacked_bytes >= 0 AND unpacked_sha256 ~ '^[0-9a-f]{64}$') NOT VALID;

-- How far the content of an upload was read when it is completed, and the state of its hash there: a request that ends
-- before all of it was read leaves them to the next.
ALTER TABLE uploads
    ADD COLUMN hashed_bytes bigint NOT NULL DEFAULT 0 CHECK (hashed_bytes >= 0 AND hashed_bytes <= bytes),
    ADD COLUMN hash_state bytea,
    ADD CONSTRAINT uploads_hashed CHECK ((hashed_bytes = 0) = (hash_state IS NULL));

-- Log-ins that ended a short while ago, of which a token may still be shown.
CREATE INDEX refresh_tokens_revoked ON refresh_tokens (revoked_at) WHERE revoked_at IS NOT NULL;
