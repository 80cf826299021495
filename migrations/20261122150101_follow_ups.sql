-- Calls that the center owes: one for each closing of a ticket that a policy picks, and one for each
-- day of the care calendar that is to be a call.
CREATE TABLE follow_ups (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    ticket_id text,
    closing bigint,
    touchpoint_id text,
    policy text NOT NULL,
    state text NOT NULL CHECK (
        state IN ('due', 'calling', 'reached', 'answered', 'unreached', 'declined', 'skipped')
    ),
    customer_id text,
    department text,
    queue_id text NOT NULL,
    survey text,
    -- The agents who do not call.
    spared text[] NOT NULL,
    due_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    calls integer NOT NULL,
    contact_id text,
    reason text,
    recovery_id text,
    -- Whether all three answers about loyalty are the best there is.
    loyal boolean,
    made_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT follow_ups_closing UNIQUE (tenant_id, ticket_id, closing),
    CONSTRAINT follow_ups_touchpoint UNIQUE (tenant_id, touchpoint_id),
    CONSTRAINT follow_ups_cause CHECK (
        (ticket_id IS NULL) = (closing IS NULL) AND (ticket_id IS NULL) <> (touchpoint_id IS NULL)
    ),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);

CREATE INDEX follow_ups_due ON follow_ups (tenant_id, state, due_at)
    WHERE state IN ('due', 'calling');
CREATE INDEX follow_ups_by_age ON follow_ups (tenant_id, made_at DESC, id DESC);
CREATE INDEX follow_ups_by_customer ON follow_ups (tenant_id, customer_id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX follow_ups_by_survey ON follow_ups (tenant_id, survey, changed_at)
    WHERE survey IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON follow_ups TO switchboard_app;
SELECT guard_tenant_table('follow_ups');
