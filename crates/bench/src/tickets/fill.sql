-- Tickets as years of work leave them. Triggers and keys are left out, as in a restore: what they
-- would write is written here. Open is each fiftieth, so what tells tickets apart counts fifties.
SET session_replication_role = replica;
INSERT INTO tickets (
    tenant_id, id, number, state, subject, priority, department, assignee_id, created_at, changed_at,
    due_at, reopened, bounced, tier, version
)
SELECT
    '{tenant}', 'filled-' || n, n,
    CASE
        WHEN n % 50 > 0 THEN 'closed'
        ELSE (ARRAY['new', 'in_progress', 'waiting_on_customer', 'on_hold'])[n / 50 % 4 + 1]
    END,
    'refund of a late train ' || n, 'normal', 'department-' || n / 50 % 20,
    CASE WHEN n / 50 % 3 = 0 THEN NULL ELSE 'agent-' || n / 50 % 100 END,
    now() - ({rows} - n) * interval '20 seconds',
    now() - ({rows} - n) * interval '10 seconds',
    CASE WHEN n % 50 = 0 THEN now() + (n - {rows} / 2) * interval '1 second' END,
    (n % 11 = 0)::int, CASE WHEN n % 13 = 0 THEN 2 ELSE 0 END,
    (ARRAY['A1', 'B1', 'B2', 'C1', 'C2', 'C2', 'C2'])[n % 7 + 1], 1
FROM generate_series(1, {rows}) AS n;
INSERT INTO ticket_events (tenant_id, ticket_id, version, state, actor, happened_at)
SELECT tenant_id, id, 1, 'new', 'agent:wang', created_at FROM tickets;
INSERT INTO ticket_words (tenant_id, word, number, ticket_id)
SELECT tenant_id, word, number, id
FROM tickets, unnest(ARRAY['refund', 'late', 'w' || number % 50000, number::text]) AS word;
INSERT INTO ticket_changes (tenant_id, ticket_id, change) SELECT tenant_id, id, number FROM tickets;
INSERT INTO ticket_change_counts (tenant_id, last) VALUES ('{tenant}', {rows});
INSERT INTO ticket_numbers (tenant_id, last) VALUES ('{tenant}', {rows});
-- A database at work has long done this, and has room in its log for what comes: else it is done while new
-- tickets are timed.
VACUUM (ANALYZE) tickets, ticket_words, ticket_changes, ticket_events;
CHECKPOINT;
