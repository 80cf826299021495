-- What queues did in some time is counted by when their contacts began to wait.
CREATE INDEX interactions_by_wait ON interactions (tenant_id, queued_at)
    WHERE queued_at IS NOT NULL;
