-- Keeps computed tiers and classes where they differ.
UPDATE customer_values AS kept
SET computed_tier = given.tier,
    pyramid = given.pyramid,
    computed_at = $5
FROM unnest($2::text[], $3::text[], $4::text[]) AS given (customer_id, tier, pyramid)
WHERE kept.tenant_id = $1
    AND kept.customer_id = given.customer_id
    AND (kept.computed_tier, kept.pyramid) IS DISTINCT FROM (given.tier, given.pyramid)
