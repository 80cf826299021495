-- Writes what came in into the life of the ticket that takes it up. An order may have waited to be
-- recorded: it then comes in when the ticket was last touched, for a life goes forward only.
WITH taken AS (
    UPDATE tickets
    SET version = version + 1, changed_at = greatest(changed_at, $7), alarm_at = $7
    WHERE tenant_id = $1 AND id = $2
    RETURNING version, state, changed_at
),
told AS (
    INSERT INTO ticket_events (tenant_id, ticket_id, version, move, state, actor, note, happened_at)
    SELECT $1, $2, taken.version, 'note', taken.state, $5, $6, taken.changed_at
    FROM taken
    RETURNING version
)
INSERT INTO ticket_joins (tenant_id, ticket_id, version, request_id, interaction_id, rule)
SELECT $1, $2, told.version, $3, $4, $8
FROM told
