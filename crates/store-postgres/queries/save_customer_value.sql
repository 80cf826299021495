-- Keeps a new word on the worth of a customer, if the row is at the version before; 0 for none.
INSERT INTO customer_values AS kept (
    tenant_id, customer_id, version, inputs, churn, churn_reason, life_cycle, tier_source,
    score, computed_tier, pyramid, value_level, potential_level, loyalty_level, computed_at
)
VALUES ($1, $2, $3 + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (tenant_id, customer_id) DO UPDATE
SET version = EXCLUDED.version,
    inputs = EXCLUDED.inputs,
    churn = EXCLUDED.churn,
    churn_reason = EXCLUDED.churn_reason,
    life_cycle = EXCLUDED.life_cycle,
    tier_source = EXCLUDED.tier_source,
    score = EXCLUDED.score,
    computed_tier = EXCLUDED.computed_tier,
    pyramid = EXCLUDED.pyramid,
    value_level = EXCLUDED.value_level,
    potential_level = EXCLUDED.potential_level,
    loyalty_level = EXCLUDED.loyalty_level,
    computed_at = EXCLUDED.computed_at
WHERE kept.version = $3
