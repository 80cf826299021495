-- What callers keyed in calls that are over, or of whose end nothing was heard for long, the oldest first;
-- with the customer, and the ticket that the call made or that took it up first.
SELECT keyed.interaction_id, keyed.survey, keyed.scores, keyed.keyed_at, contact.customer_id,
    led.ticket_id,
    -- Of the center's own tests and of mystery callers nothing counts.
    coalesce(contact.caller_lists && ARRAY['test', 'mystery'], false) AS is_uncounted
FROM call_surveys AS keyed
LEFT JOIN interactions AS contact
    ON contact.tenant_id = keyed.tenant_id AND contact.id = keyed.interaction_id
LEFT JOIN LATERAL (
    SELECT tickets.id AS ticket_id, tickets.created_at AS at
    FROM tickets
    WHERE tickets.tenant_id = $1 AND tickets.interaction_id = keyed.interaction_id
    UNION ALL
    SELECT joins.ticket_id, told.happened_at
    FROM ticket_joins AS joins
    JOIN ticket_events AS told
        ON told.tenant_id = joins.tenant_id
        AND told.ticket_id = joins.ticket_id
        AND told.version = joins.version
    WHERE joins.tenant_id = $1 AND joins.interaction_id = keyed.interaction_id
    ORDER BY at, ticket_id
    LIMIT 1
) AS led ON true
WHERE keyed.tenant_id = $1 AND (contact.ended_at IS NOT NULL OR keyed.keyed_at < $2)
ORDER BY keyed.keyed_at
LIMIT $3
