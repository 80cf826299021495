-- Whether a person took a ticket out of its incident: no rule takes it up again.
ALTER TABLE tickets ADD COLUMN kept_apart boolean NOT NULL DEFAULT false;
