-- Changes many customers, whose rows are locked. When a record was made never changes.
UPDATE customers
SET name = given.name,
    tier = given.tier,
    language = given.language,
    owner_agent_id = given.owner_agent_id,
    alert = given.alert,
    version = given.version,
    kind = given.kind,
    party_type = given.party_type,
    reviewed_at = given.reviewed_at
FROM unnest(
    $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
    $9::bigint[], $10::text[], $11::text[], $12::timestamptz[]
) AS given (
    id, name, tier, language, owner_agent_id, alert, created_at, version, kind, party_type,
    reviewed_at
)
WHERE customers.tenant_id = $1
    AND customers.id = given.id
