-- Events that could not be kept after several tries, with the reason.
CREATE TABLE dead_events (
    tenant_id text NOT NULL REFERENCES tenants (id),
    epoch bigint NOT NULL,
    stream_millis bigint NOT NULL,
    stream_sequence bigint NOT NULL,
    entity text NOT NULL,
    entity_id text NOT NULL,
    version bigint NOT NULL,
    floor_at timestamptz NOT NULL,
    happened_at timestamptz NOT NULL,
    kind text NOT NULL,
    fields jsonb NOT NULL,
    trace text,
    reason text NOT NULL,
    attempts bigint NOT NULL,
    buried_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, epoch, stream_millis, stream_sequence)
);

GRANT SELECT, INSERT, DELETE ON dead_events TO switchboard_app;
SELECT guard_tenant_table('dead_events');
