-- Those of several interactions that are there.
--
-- Looked up one by one, whatever is thought of how many there are: a plan made while the table was empty
-- would else read every interaction of the tenant, for the recorder again with each batch.
SELECT
    found.id, found.state, found.gateway_id, found.sealed, found.calling_number, found.called_number,
    found.language, found.customer_id, found.queue_id, found.agent_id, found.offers, found.started_at,
    found.queued_at, found.answered_at, found.ended_at, found.end_reason, found.disposition,
    found.notes, found.epoch, found.version, found.caller_lists, found.refused,
    found.channel, found.origin
FROM unnest($2::text[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT one.*
    FROM interactions AS one
    WHERE one.tenant_id = $1 AND one.id = asked.id
    OFFSET 0
) AS found
