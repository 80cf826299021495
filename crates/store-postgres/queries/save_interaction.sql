-- Keeps an interaction as the recorder folded it.
INSERT INTO interactions (
    tenant_id, id, state, gateway_id, sealed, caller_index, called_number, language, customer_id,
    queue_id, agent_id, offers, started_at, queued_at, answered_at, ended_at, end_reason,
    disposition, epoch, version
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
)
ON CONFLICT (tenant_id, id) DO UPDATE SET
    state = EXCLUDED.state,
    gateway_id = EXCLUDED.gateway_id,
    sealed = EXCLUDED.sealed,
    caller_index = EXCLUDED.caller_index,
    -- Emptied, where an earlier version wrote them in clear.
    calling_number = NULL,
    notes = NULL,
    called_number = EXCLUDED.called_number,
    language = EXCLUDED.language,
    customer_id = EXCLUDED.customer_id,
    queue_id = EXCLUDED.queue_id,
    agent_id = EXCLUDED.agent_id,
    offers = EXCLUDED.offers,
    started_at = EXCLUDED.started_at,
    queued_at = EXCLUDED.queued_at,
    answered_at = EXCLUDED.answered_at,
    ended_at = EXCLUDED.ended_at,
    end_reason = EXCLUDED.end_reason,
    disposition = EXCLUDED.disposition,
    epoch = EXCLUDED.epoch,
    version = EXCLUDED.version
