-- Whether a rule has led to a ticket for an interaction, its own or one that took it up.
SELECT
    EXISTS (
        SELECT FROM tickets WHERE tenant_id = $1 AND interaction_id = $2 AND rule = $3
    )
    OR EXISTS (
        SELECT FROM ticket_joins WHERE tenant_id = $1 AND interaction_id = $2 AND rule = $3
    ) AS has_led
