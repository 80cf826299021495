-- Recomputations of what all customers of a tenant are worth, one at a time and in steps. The row is
-- locked for each step and moves with what the step did, so a run goes on after any crash, and any
-- number of processes may work on it.
CREATE TABLE value_runs (
    tenant_id text NOT NULL REFERENCES tenants (id),
    -- Such as `night-2026-11-22`: a night has one run, whoever begins it.
    id text NOT NULL,
    phase text NOT NULL CHECK (phase IN ('scoring', 'grading', 'done')),
    -- The version of the center whose model counts.
    center_version bigint NOT NULL,
    -- The customer up to whom the phase has come.
    after_id text NOT NULL DEFAULT '',
    customers bigint NOT NULL,
    scored bigint NOT NULL DEFAULT 0,
    graded bigint NOT NULL DEFAULT 0,
    tiers_changed bigint NOT NULL DEFAULT 0,
    -- How many customers have which score, from the end of the scoring to the end of the grading.
    ranked_scores smallint[],
    ranked_counts bigint[],
    started_at timestamptz NOT NULL,
    moved_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((phase = 'done') = (finished_at IS NOT NULL))
);

CREATE UNIQUE INDEX value_runs_one_at_a_time ON value_runs (tenant_id) WHERE finished_at IS NULL;
CREATE INDEX value_runs_by_age ON value_runs (tenant_id, started_at DESC);

GRANT SELECT, INSERT, UPDATE ON value_runs TO switchboard_app;
SELECT guard_tenant_table('value_runs');
