-- no-transaction
-- A ticket asks for one call at a time, however often it is asked for.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS follow_ups_one_call_back
    ON follow_ups (tenant_id, ticket_id)
    WHERE closing IS NULL AND interaction_id IS NULL AND touchpoint_id IS NULL
      AND state IN ('due', 'calling');
