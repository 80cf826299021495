-- What is past its time goes in runs, one at a time for each tenant and in steps. The row is locked for
-- each step and moves with what the step did, so a run goes on after any crash, and any number of
-- processes may work on it.
CREATE TABLE retention_runs (
    tenant_id text NOT NULL REFERENCES tenants (id),
    -- Such as `day-2026-11-22`: a day has one run, whoever begins it.
    id text NOT NULL,
    -- What it is at: one of the records that are kept for a time, or `done`.
    phase text NOT NULL,
    -- Up to where the phase has come.
    after_at timestamptz,
    after_id text NOT NULL DEFAULT '',
    -- Before when records go, how many are gone and how many a legal hold has kept, by what they are.
    cut_offs jsonb NOT NULL,
    gone jsonb NOT NULL DEFAULT '{}',
    held jsonb NOT NULL DEFAULT '{}',
    started_at timestamptz NOT NULL,
    moved_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((phase = 'done') = (finished_at IS NOT NULL))
);

CREATE UNIQUE INDEX retention_runs_one_at_a_time ON retention_runs (tenant_id)
    WHERE finished_at IS NULL;
CREATE INDEX retention_runs_by_age ON retention_runs (tenant_id, started_at DESC);

GRANT SELECT, INSERT, UPDATE ON retention_runs TO switchboard_app;
SELECT guard_tenant_table('retention_runs');

-- When a customer last had to do with the center, as far as what told of it is gone.
ALTER TABLE customers ADD COLUMN last_contact_at timestamptz;
