-- Beds: what to pack and how to flow through it. The full specification is `spec`; the columns beside it are copies
-- for searching.
CREATE TABLE beds (
    id                  uuid PRIMARY KEY,
    name                text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    spec                jsonb NOT NULL CHECK (jsonb_typeof(spec) = 'object'),
    spec_hash           text NOT NULL CHECK (spec_hash ~ '^[0-9a-f]{64}$'),
    tube_diameter_m     double precision NOT NULL CHECK (tube_diameter_m > 0 AND tube_diameter_m < 'Infinity'),
    tube_height_m       double precision NOT NULL CHECK (tube_height_m > 0 AND tube_height_m < 'Infinity'),
    particle_diameter_m double precision NOT NULL
        CHECK (particle_diameter_m > 0 AND particle_diameter_m < tube_diameter_m),
    particle_count      integer NOT NULL CHECK (particle_count > 0),
    version             integer NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now()
);
