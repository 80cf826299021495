-- Keeps scores and levels where they differ; a tier and a class need a score.
UPDATE customer_values AS kept
SET score = given.score,
    value_level = given.value_level,
    potential_level = given.potential_level,
    loyalty_level = given.loyalty_level,
    computed_tier = CASE WHEN given.score IS NOT NULL THEN kept.computed_tier END,
    pyramid = CASE WHEN given.score IS NOT NULL THEN kept.pyramid END,
    computed_at = $7
FROM unnest($2::text[], $3::smallint[], $4::text[], $5::text[], $6::text[])
    AS given (customer_id, score, value_level, potential_level, loyalty_level)
WHERE kept.tenant_id = $1
    AND kept.customer_id = given.customer_id
    AND (kept.score, kept.value_level, kept.potential_level, kept.loyalty_level)
        IS DISTINCT FROM
        (given.score, given.value_level, given.potential_level, given.loyalty_level)
