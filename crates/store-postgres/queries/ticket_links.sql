-- The links of a ticket, whichever end they are kept from, each with the ticket at the other end.
SELECT
    links.kind,
    links.made_by,
    links.made_at,
    links.is_from_here,
    tickets.id,
    tickets.number,
    tickets.subject,
    tickets.state,
    tickets.department
FROM (
    SELECT kind, other_id AS id, made_by, made_at, true AS is_from_here
    FROM ticket_links
    WHERE tenant_id = $1 AND ticket_id = $2
    UNION ALL
    SELECT kind, ticket_id AS id, made_by, made_at, false AS is_from_here
    FROM ticket_links
    WHERE tenant_id = $1 AND other_id = $2
) AS links
JOIN tickets ON tickets.tenant_id = $1 AND tickets.id = links.id
ORDER BY links.made_at, tickets.number
