-- Closings of tickets that are to be decided on, the oldest first, with their ticket as it is now.
SELECT tickets.*, closings.version AS closing, closings.closed_at,
    tickets.state = 'closed' AND NOT EXISTS (
        SELECT FROM ticket_closings AS later
        WHERE later.tenant_id = $1
            AND later.ticket_id = closings.ticket_id
            AND later.version > closings.version
    ) AS stands
FROM ticket_closings AS closings
JOIN tickets ON tickets.tenant_id = closings.tenant_id AND tickets.id = closings.ticket_id
WHERE closings.tenant_id = $1
ORDER BY closings.closed_at
LIMIT $2
