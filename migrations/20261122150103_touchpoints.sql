-- The care calendar: days on which customers are to hear of the center. One for each customer, plan,
-- anchor and month, however often it is planned.
CREATE TABLE touchpoints (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    customer_id text NOT NULL,
    plan text NOT NULL,
    anchor_on text NOT NULL,
    month integer NOT NULL CHECK (month > 0),
    day text NOT NULL,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('planned', 'fired', 'done', 'skipped', 'lapsed')),
    reason text,
    follow_up_id text,
    ticket_id text,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT touchpoints_once UNIQUE (tenant_id, customer_id, plan, anchor_on, month)
);

CREATE INDEX touchpoints_due ON touchpoints (tenant_id, opens_at) WHERE state = 'planned';
CREATE INDEX touchpoints_by_day ON touchpoints (tenant_id, opens_at, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON touchpoints TO switchboard_app;
SELECT guard_tenant_table('touchpoints');
