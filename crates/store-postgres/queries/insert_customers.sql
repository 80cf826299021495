-- Keeps many new customers.
INSERT INTO customers (
    tenant_id, id, name, tier, language, owner_agent_id, alert, created_at, version, kind, party_type,
    reviewed_at
)
SELECT $1, given.*
FROM unnest(
    $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
    $9::bigint[], $10::text[], $11::text[], $12::timestamptz[]
) AS given
