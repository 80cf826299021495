-- no-transaction
-- What customers answered in some time, whatever they were asked.
CREATE INDEX CONCURRENTLY IF NOT EXISTS follow_ups_asked_by_change ON follow_ups (tenant_id, changed_at)
    WHERE survey IS NOT NULL;
