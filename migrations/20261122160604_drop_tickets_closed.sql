-- no-transaction
-- What it was asked for is in `tickets_closed_by_end`.
DROP INDEX CONCURRENTLY IF EXISTS tickets_closed;
