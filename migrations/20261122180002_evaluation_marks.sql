-- What was found of each criterion, with what it gave at that time; no points where it did not apply.
CREATE TABLE evaluation_marks (
    tenant_id text NOT NULL,
    evaluation_id text NOT NULL,
    criterion text NOT NULL,
    points smallint CHECK (points >= 0 AND points <= most),
    most smallint NOT NULL CHECK (most BETWEEN 1 AND 10),
    PRIMARY KEY (tenant_id, evaluation_id, criterion),
    FOREIGN KEY (tenant_id, evaluation_id) REFERENCES evaluations (tenant_id, id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, DELETE ON evaluation_marks TO switchboard_app;
SELECT guard_tenant_table('evaluation_marks');
