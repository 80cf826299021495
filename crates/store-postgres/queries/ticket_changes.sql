-- Tickets that changed after a change, in the order of their last changes, with what tells besides
-- the ticket whether somebody wants it.
SELECT
    changes.change,
    tickets.*,
    customers.merged_into AS leading_customer,
    ARRAY(
        SELECT joined.interaction_id
        FROM ticket_joins AS joined
        WHERE joined.tenant_id = $1
            AND joined.ticket_id = tickets.id
            AND joined.interaction_id IS NOT NULL
    ) AS joined,
    ARRAY(
        SELECT followed.actor
        FROM ticket_followers AS followed
        WHERE followed.tenant_id = $1 AND followed.ticket_id = tickets.id
    ) AS followers
FROM ticket_changes AS changes
JOIN tickets
    ON tickets.tenant_id = $1 AND tickets.id = changes.ticket_id
LEFT JOIN customers
    ON customers.tenant_id = $1 AND customers.id = tickets.customer_id
WHERE changes.tenant_id = $1 AND changes.change > $2
ORDER BY changes.change
LIMIT $3
