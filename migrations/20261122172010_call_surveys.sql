-- What callers keyed in the surveys of flows, of which nobody has said yet what it means: written with the
-- step of the call, taken away when it has become answers.
CREATE TABLE call_surveys (
    tenant_id text NOT NULL REFERENCES tenants (id),
    interaction_id text NOT NULL,
    survey text NOT NULL,
    -- The score of each question that was answered, by its name.
    scores jsonb NOT NULL,
    keyed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, interaction_id, survey)
);

CREATE INDEX call_surveys_by_age ON call_surveys (tenant_id, keyed_at);

GRANT SELECT, INSERT, DELETE ON call_surveys TO switchboard_app;
SELECT guard_tenant_table('call_surveys');
