-- Up to where each epoch's stream is kept; moves only together with what it vouches for.
CREATE TABLE recorder_offsets (
    tenant_id text NOT NULL REFERENCES tenants (id),
    epoch bigint NOT NULL,
    stream_millis bigint NOT NULL,
    stream_sequence bigint NOT NULL,
    PRIMARY KEY (tenant_id, epoch)
);

GRANT SELECT, INSERT, UPDATE ON recorder_offsets TO switchboard_app;
SELECT guard_tenant_table('recorder_offsets');
