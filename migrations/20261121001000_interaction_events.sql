-- Every event of the floor, once, under its place in the stream.
-- Events of agents and gateways that concern no contact have no interaction.
CREATE TABLE interaction_events (
    tenant_id text NOT NULL REFERENCES tenants (id),
    epoch bigint NOT NULL,
    stream_millis bigint NOT NULL,
    stream_sequence bigint NOT NULL,
    interaction_id text,
    entity text NOT NULL,
    entity_id text NOT NULL,
    version bigint NOT NULL,
    floor_at timestamptz NOT NULL,
    happened_at timestamptz NOT NULL,
    kind text NOT NULL,
    fields jsonb NOT NULL,
    trace text,
    PRIMARY KEY (tenant_id, epoch, stream_millis, stream_sequence)
);

CREATE INDEX interaction_events_by_interaction
    ON interaction_events (tenant_id, interaction_id, epoch, stream_millis, stream_sequence)
    WHERE interaction_id IS NOT NULL;

GRANT SELECT, INSERT ON interaction_events TO switchboard_app;
SELECT guard_tenant_table('interaction_events');
