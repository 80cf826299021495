-- What of an event is personal, sealed with the key of the contact it is about; `fields` has the rest.
ALTER TABLE interaction_events ADD COLUMN sealed bytea;
ALTER TABLE dead_events ADD COLUMN sealed bytea;
