-- no-transaction
-- A caller answers a survey once for each call, however often the call is told.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS follow_ups_by_call
    ON follow_ups (tenant_id, interaction_id, survey)
    WHERE interaction_id IS NOT NULL;
