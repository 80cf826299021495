-- What is known for ever about each contact, folded from the events.
-- `epoch` and `version` are those of the last contact event folded in: an older one is ignored.
CREATE TABLE interactions (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    state text NOT NULL,
    gateway_id text,
    calling_number text,
    called_number text,
    language text,
    customer_id text,
    queue_id text,
    agent_id text,
    offers bigint NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL,
    queued_at timestamptz,
    answered_at timestamptz,
    ended_at timestamptz,
    end_reason text,
    disposition text,
    notes text,
    epoch bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX interactions_by_age ON interactions (tenant_id, started_at DESC, id DESC);
CREATE INDEX interactions_by_customer
    ON interactions (tenant_id, customer_id, started_at DESC)
    WHERE customer_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON interactions TO switchboard_app;
SELECT guard_tenant_table('interactions');
