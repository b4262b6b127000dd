-- Live tickets: let a browser, which cannot send its log-in with a WebSocket, open one. Each is good once and soon over;
-- only its hash is kept.
CREATE TABLE live_tickets (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX live_tickets_user ON live_tickets (user_id);
CREATE INDEX live_tickets_expiry ON live_tickets (expires_at);

-- Live connections: open WebSockets. `gateway` says who can reach one: an API of API Gateway, or one process of `leito`.
-- Both close what was silent for ten minutes, so a row that was not seen for longer is of a connection that is gone.
CREATE TABLE live_connections (
    id           text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 128),
    gateway      text NOT NULL CHECK (gateway <> ''),
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    connected_at timestamptz NOT NULL DEFAULT now(),
    seen_at      timestamptz NOT NULL DEFAULT now(),
    next_try_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX live_connections_user ON live_connections (user_id);
CREATE INDEX live_connections_age ON live_connections (seen_at);

-- Live watches: the jobs that a connection is told of, and the last event it was told. `job_id` is no foreign key: who
-- watches a job that is deleted is told so. The table is small: a row lasts as long as its connection and its job.
CREATE TABLE live_watches (
    connection_id text NOT NULL REFERENCES live_connections (id) ON DELETE CASCADE,
    job_id        uuid NOT NULL,
    sent_seq      integer NOT NULL CHECK (sent_seq >= 0),
    is_new        boolean NOT NULL DEFAULT true,
    PRIMARY KEY (connection_id, job_id)
);
