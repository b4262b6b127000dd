-- Stage outputs: what a finished stage (packing, mesh, flow at one velocity) gave, under the hash of everything it
-- depends on. At once the cache that answers the same question again and the checkpoint a later attempt starts from.
CREATE TABLE stage_outputs (
    key        text PRIMARY KEY CHECK (key ~ '^[0-9a-f]{64}$'),
    stage      text NOT NULL CHECK (stage <> ''),
    output     jsonb NOT NULL,
    files      jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(files) = 'array'),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Idempotency keys: the stored answer to a request that may be sent twice. No answer yet: still being worked on.
CREATE TABLE idempotency_keys (
    owner        text NOT NULL,
    route        text NOT NULL,
    key          text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    request_hash text NOT NULL CHECK (request_hash ~ '^[0-9a-f]{64}$'),
    locked_until timestamptz NOT NULL,
    status_code  integer CHECK (status_code BETWEEN 100 AND 599),
    headers      jsonb CHECK (jsonb_typeof(headers) = 'object'),
    body         bytea,
    expires_at   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, route, key),
    CHECK ((status_code IS NULL) = (body IS NULL) AND (status_code IS NULL) = (headers IS NULL))
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
