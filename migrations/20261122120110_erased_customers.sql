-- When a customer was erased: the row stays, with nothing personal in it, for what names it.
ALTER TABLE customers ADD COLUMN erased_at timestamptz;

-- Notes of people are emptied with the customer they are about.
GRANT UPDATE (note) ON ticket_events TO switchboard_app;
