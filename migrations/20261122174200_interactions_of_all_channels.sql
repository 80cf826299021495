-- How the customer of an interaction came, and how the contact came to be: what agents ask each other and
-- what the center owes make no missed calls. Earlier versions kept neither.
ALTER TABLE interactions
    ADD COLUMN channel text NOT NULL DEFAULT 'voice',
    ADD COLUMN origin text NOT NULL DEFAULT 'arrived';
