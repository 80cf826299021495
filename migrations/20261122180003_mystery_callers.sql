-- Numbers of people who try the service as customers would.
ALTER TABLE number_rules
    DROP CONSTRAINT number_rules_kind_check,
    ADD CONSTRAINT number_rules_kind_check
        CHECK (kind IN ('allow', 'block', 'company_switchboard', 'test', 'mystery'));
