-- What kind of issue a ticket is and what it is filed under, how it came in, and who resolved it and
-- told the customer.
ALTER TABLE tickets
    ADD COLUMN kind text NOT NULL DEFAULT 'request',
    ADD COLUMN category text,
    ADD COLUMN medium text NOT NULL DEFAULT 'phone'
        CHECK (medium IN ('phone', 'chat', 'email', 'sms', 'web', 'in_person', 'letter')),
    ADD COLUMN resolved_by text,
    ADD COLUMN informed_at timestamptz,
    ADD COLUMN informed_by text
        CHECK (informed_by IN ('phone', 'chat', 'email', 'sms', 'web', 'in_person', 'letter')),
    ADD CONSTRAINT tickets_informed CHECK ((informed_at IS NULL) = (informed_by IS NULL));
