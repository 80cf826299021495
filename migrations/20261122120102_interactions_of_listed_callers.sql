-- The lists of numbers that a calling number stood on, and why the center refused the call.
ALTER TABLE interactions
    ADD COLUMN caller_lists text[] NOT NULL DEFAULT '{}',
    ADD COLUMN refused text;
