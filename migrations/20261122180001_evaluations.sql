-- What supervisors think of how one agent handled a call or a ticket. The comment is sealed with the key
-- of the call, or of whom the ticket is about.
CREATE TABLE evaluations (
    tenant_id text NOT NULL REFERENCES tenants (id),
    id text NOT NULL,
    scorecard text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'done', 'withdrawn')),
    interaction_id text,
    ticket_id text,
    agent_id text NOT NULL,
    queue_id text,
    department text,
    sample text,
    -- The request that drew it.
    draw text,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL,
    evaluator text,
    judged_at timestamptz,
    -- In hundredths of a percent.
    score smallint CHECK (score BETWEEN 0 AND 10000),
    passed boolean,
    failed text[] NOT NULL DEFAULT '{}',
    sealed bytea,
    reason text,
    acknowledged_at timestamptz,
    changed_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT evaluations_about CHECK (num_nonnulls(interaction_id, ticket_id) = 1),
    CONSTRAINT evaluations_found CHECK (
        num_nonnulls(evaluator, judged_at, score, passed) IN (0, 4)
        AND (state = 'done') = (score IS NOT NULL)
    ),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id),
    FOREIGN KEY (tenant_id, draw) REFERENCES evaluation_draws (tenant_id, request_id)
);

CREATE UNIQUE INDEX evaluations_of_call ON evaluations (tenant_id, interaction_id, scorecard)
    WHERE interaction_id IS NOT NULL AND state <> 'withdrawn';
CREATE UNIQUE INDEX evaluations_of_ticket ON evaluations (tenant_id, ticket_id, scorecard)
    WHERE ticket_id IS NOT NULL AND state <> 'withdrawn';
-- What goes with a call or a ticket, withdrawn or not.
CREATE INDEX evaluations_with_call ON evaluations (tenant_id, interaction_id)
    WHERE interaction_id IS NOT NULL;
CREATE INDEX evaluations_with_ticket ON evaluations (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX evaluations_open ON evaluations (tenant_id, opened_at DESC, id DESC) WHERE state = 'open';
CREATE INDEX evaluations_by_sample ON evaluations (tenant_id, sample, opened_at DESC, id DESC)
    WHERE sample IS NOT NULL;
CREATE INDEX evaluations_by_age ON evaluations (tenant_id, opened_at DESC, id DESC);
CREATE INDEX evaluations_by_agent ON evaluations (tenant_id, agent_id, opened_at DESC, id DESC);
CREATE INDEX evaluations_by_draw ON evaluations (tenant_id, draw) WHERE draw IS NOT NULL;
CREATE INDEX evaluations_judged ON evaluations (tenant_id, scorecard, judged_at)
    WHERE judged_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON evaluations TO switchboard_app;
SELECT guard_tenant_table('evaluations');
