-- Makes a ticket part of an incident, or of none, and gives the numbers of both; nothing where it is so
-- already.
UPDATE tickets
SET incident_id = $3, kept_apart = $3::text IS NULL
FROM tickets AS before
WHERE tickets.tenant_id = $1
    AND tickets.id = $2
    AND before.tenant_id = $1
    AND before.id = $2
    AND tickets.incident_id IS DISTINCT FROM $3
RETURNING
    (SELECT number FROM tickets AS one WHERE one.tenant_id = $1 AND one.id = $3) AS part_of,
    (
        SELECT number FROM tickets AS one
        WHERE one.tenant_id = $1 AND one.id = before.incident_id
    ) AS taken_from
