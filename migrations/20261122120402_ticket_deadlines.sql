-- When a ticket is to be looked at for deadlines, up to when its deadlines were told, and which
-- deadline is the next. A ticket that was made or moved is looked at at once, those of before too.
ALTER TABLE tickets
    ADD COLUMN alarm_at timestamptz DEFAULT now(),
    ADD COLUMN alarms_told_until timestamptz,
    ADD COLUMN due_at timestamptz;
ALTER TABLE tickets ALTER COLUMN alarm_at DROP DEFAULT;

CREATE INDEX tickets_to_alarm ON tickets (tenant_id, alarm_at) WHERE alarm_at IS NOT NULL;
CREATE INDEX tickets_by_due ON tickets (tenant_id, due_at) WHERE due_at IS NOT NULL;
