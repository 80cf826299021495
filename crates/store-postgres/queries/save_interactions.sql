-- Keeps interactions as the recorder folded them.
INSERT INTO interactions (
    tenant_id, id, state, gateway_id, sealed, caller_index, called_number, language,
    customer_id, queue_id, agent_id, offers, started_at, queued_at, answered_at, ended_at,
    end_reason, disposition, epoch, version, caller_lists, refused, channel, origin
)
SELECT
    $1, folded.id, folded.state, folded.gateway_id, folded.sealed, folded.caller_index,
    folded.called_number, folded.language, folded.customer_id, folded.queue_id,
    folded.agent_id, folded.offers, folded.started_at, folded.queued_at, folded.answered_at,
    folded.ended_at, folded.end_reason, folded.disposition, folded.epoch, folded.version,
    -- Lists cannot be turned on their side as texts can; none of their names has this separator.
    string_to_array(folded.caller_lists, ', '), folded.refused, folded.channel, folded.origin
FROM unnest(
    $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::bigint[], $13::timestamptz[],
    $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::text[], $18::text[],
    $19::bigint[], $20::bigint[], $21::text[], $22::text[],
    $23::text[], $24::text[]
) AS folded (
    id, state, gateway_id, sealed, caller_index, called_number, language, customer_id,
    queue_id, agent_id, offers, started_at, queued_at, answered_at, ended_at, end_reason,
    disposition, epoch, version, caller_lists, refused, channel, origin
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
    -- A menu before the call may have moved it while this was folded.
    started_at = LEAST(interactions.started_at, EXCLUDED.started_at),
    queued_at = EXCLUDED.queued_at,
    answered_at = EXCLUDED.answered_at,
    ended_at = EXCLUDED.ended_at,
    end_reason = EXCLUDED.end_reason,
    disposition = EXCLUDED.disposition,
    epoch = EXCLUDED.epoch,
    version = EXCLUDED.version,
    caller_lists = EXCLUDED.caller_lists,
    refused = EXCLUDED.refused,
    channel = EXCLUDED.channel,
    origin = EXCLUDED.origin
