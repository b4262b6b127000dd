-- Packings: the measured result of packing a bed once. The same bed packed again with the same seed and programs is
-- the same packing, so the hash of all inputs is unique within a bed.
CREATE TABLE packings (
    id                     uuid PRIMARY KEY,
    bed_id                 uuid NOT NULL REFERENCES beds (id) ON DELETE CASCADE,
    content_hash           text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    packing_seed           bigint NOT NULL CHECK (packing_seed >= 0),
    particles_inside       integer NOT NULL CHECK (particles_inside >= 0),
    particles_escaped      integer NOT NULL CHECK (particles_escaped >= 0),
    settled                boolean NOT NULL,
    max_overlap_ratio      double precision NOT NULL CHECK (max_overlap_ratio BETWEEN 0 AND 1),
    wall_penetration_ratio double precision NOT NULL CHECK (wall_penetration_ratio BETWEEN 0 AND 1),
    bed_height_m           double precision NOT NULL CHECK (bed_height_m > 0 AND bed_height_m < 'Infinity'),
    bulk_porosity          double precision NOT NULL CHECK (bulk_porosity > 0 AND bulk_porosity < 1),
    core_porosity          double precision CHECK (core_porosity > 0 AND core_porosity < 1),
    mean_coordination      double precision NOT NULL CHECK (mean_coordination BETWEEN 0 AND 100),
    detail                 jsonb NOT NULL CHECK (jsonb_typeof(detail) = 'object'),
    created_at             timestamptz NOT NULL DEFAULT now(),
    UNIQUE (bed_id, content_hash)
);

-- Simulations: one set of flow conditions on one packing, at one or more velocities.
CREATE TABLE simulations (
    id             uuid PRIMARY KEY,
    bed_id         uuid NOT NULL REFERENCES beds (id) ON DELETE CASCADE,
    packing_id     uuid REFERENCES packings (id) ON DELETE SET NULL,
    regime         text NOT NULL CHECK (regime IN ('laminar', 'turbulent_rans')),
    velocities_m_s double precision[] NOT NULL
        CHECK (cardinality(velocities_m_s) > 0 AND 0 < ALL (velocities_m_s) AND 'Infinity' > ALL (velocities_m_s)),
    conditions     jsonb NOT NULL CHECK (jsonb_typeof(conditions) = 'object'),
    status         text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    summary        jsonb,
    created_at     timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz,
    finished_at    timestamptz,
    CHECK ((status IN ('completed', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE INDEX simulations_bed ON simulations (bed_id, id);
CREATE INDEX simulations_packing ON simulations (packing_id);

-- Results: one row per quantity and velocity. Neither NaN nor infinity is a result.
CREATE TABLE results (
    simulation_id            uuid NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    velocity_index           integer NOT NULL CHECK (velocity_index >= 0),
    quantity                 text NOT NULL CHECK (quantity <> ''),
    superficial_velocity_m_s double precision NOT NULL CHECK (superficial_velocity_m_s > 0),
    value                    double precision NOT NULL CHECK (value > '-Infinity' AND value < 'Infinity'),
    unit                     text NOT NULL,
    uncertainty              double precision CHECK (uncertainty >= 0 AND uncertainty < 'Infinity'),
    PRIMARY KEY (simulation_id, velocity_index, quantity)
);

-- Files: what a bed's jobs left in the object store. A file of a packing belongs to no simulation.
CREATE TABLE bed_files (
    id            uuid PRIMARY KEY,
    bed_id        uuid NOT NULL REFERENCES beds (id) ON DELETE CASCADE,
    simulation_id uuid REFERENCES simulations (id) ON DELETE CASCADE,
    kind          text NOT NULL CHECK (kind <> ''),
    name          text NOT NULL CHECK (name <> '' AND name !~ '/'),
    object_key    text NOT NULL CHECK (object_key <> ''),
    content_type  text NOT NULL,
    bytes         bigint NOT NULL CHECK (bytes >= 0),
    sha256        text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    created_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (bed_id, simulation_id, object_key)
);
CREATE INDEX bed_files_bed ON bed_files (bed_id, id);
CREATE INDEX bed_files_simulation ON bed_files (simulation_id);
