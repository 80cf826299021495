-- When a ticket was closed; what is noted of it later changes that no more. Empty for tickets that are not
-- closed, and for those that were closed before this column.
ALTER TABLE tickets ADD COLUMN closed_at timestamptz;
