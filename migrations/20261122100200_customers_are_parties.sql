-- Whether a customer is a person or a company, and what it is to the center.
ALTER TABLE customers
    ADD COLUMN kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'company')),
    ADD COLUMN party_type text NOT NULL DEFAULT 'current'
        CHECK (party_type IN ('current', 'target', 'prospect', 'partner', 'staff'));
