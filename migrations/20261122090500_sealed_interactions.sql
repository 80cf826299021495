-- What of an interaction is personal (`calling_number`, `notes`), sealed with the contact's key, and
-- the blind index of the calling number.
ALTER TABLE interactions
    ADD COLUMN sealed bytea,
    ADD COLUMN caller_index bytea;
