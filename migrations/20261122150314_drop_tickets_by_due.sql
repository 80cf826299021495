-- no-transaction
-- What it was asked for is in `tickets_open_by_due`.
DROP INDEX CONCURRENTLY IF EXISTS tickets_by_due;
