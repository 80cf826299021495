-- Adds a line to the life of a ticket that goes on; an alarm is told of open ones only, and touches
-- nothing.
WITH told AS (
    UPDATE tickets
    SET version = version + 1,
        changed_at = CASE WHEN $3 = 'alarm' THEN changed_at ELSE $6 END,
        alarm_at = $6
    WHERE tenant_id = $1
        AND id = $2
        AND state NOT IN ('merged', 'cancelled')
        AND ($3 <> 'alarm' OR state NOT IN ('resolved', 'closed'))
    RETURNING version, state
)
INSERT INTO ticket_events (tenant_id, ticket_id, version, move, state, actor, note, happened_at)
SELECT $1, $2, told.version, $3, told.state, $4, $5, $6
FROM told
