-- What customers answered. Their own words are sealed with the key of the customer; an answer that an
-- erasure has emptied has no value any more.
CREATE TABLE survey_answers (
    tenant_id text NOT NULL REFERENCES tenants (id),
    follow_up_id text NOT NULL,
    question text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('satisfaction', 'loyalty', 'choice', 'text')),
    kano text CHECK (
        kano IN ('must_be', 'one_dimensional', 'attractive', 'indifferent', 'reverse')
    ),
    points smallint CHECK (points BETWEEN 1 AND 5),
    option text,
    sealed bytea,
    PRIMARY KEY (tenant_id, follow_up_id, question),
    FOREIGN KEY (tenant_id, follow_up_id) REFERENCES follow_ups (tenant_id, id),
    CHECK (num_nonnulls(points, option, sealed) <= 1)
);

GRANT SELECT, INSERT, UPDATE ON survey_answers TO switchboard_app;
SELECT guard_tenant_table('survey_answers');
