-- How often a ticket came back, how often it was taken from who had it, and how important its
-- customer is. Tickets of before learn the tier at their next move, or when it changes.
ALTER TABLE tickets
    ADD COLUMN reopened integer NOT NULL DEFAULT 0 CHECK (reopened >= 0),
    ADD COLUMN bounced integer NOT NULL DEFAULT 0 CHECK (bounced >= 0),
    ADD COLUMN tier text;
