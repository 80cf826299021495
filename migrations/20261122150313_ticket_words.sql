-- The words under which tickets are found by what was written about them; made by the program, in
-- clear like the texts. Under a word the newest tickets come first.
CREATE TABLE ticket_words (
    tenant_id text NOT NULL,
    word text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    ticket_id text NOT NULL,
    PRIMARY KEY (tenant_id, word, number),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES tickets (tenant_id, id)
);
CREATE INDEX ticket_words_by_ticket ON ticket_words (tenant_id, ticket_id);

GRANT SELECT, INSERT, DELETE ON ticket_words TO switchboard_app;
SELECT guard_tenant_table('ticket_words');
