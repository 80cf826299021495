-- Gives customers their computed tiers: a new version and a line of its life for each that changes.
WITH changed AS (
    UPDATE customers
    SET tier = given.tier, version = customers.version + 1
    FROM unnest($2::text[], $3::text[]) AS given (id, tier)
    WHERE customers.tenant_id = $1
        AND customers.id = given.id
        AND customers.tier <> given.tier
    RETURNING customers.id, customers.version
)
INSERT INTO customer_events (tenant_id, customer_id, version, fields, actor, happened_at)
SELECT $1, changed.id, changed.version, ARRAY['tier'], $4, $5
FROM changed
