-- What each customer is worth: what was given, and what was computed of it.
CREATE TABLE customer_values (
    tenant_id text NOT NULL REFERENCES tenants (id),
    customer_id text NOT NULL,
    -- Whole numbers and words by the name of the input; amounts in minor units.
    inputs jsonb NOT NULL,
    -- What a year brings, by which customers are compared.
    purchases bigint GENERATED ALWAYS AS (
        CASE WHEN jsonb_typeof(inputs -> 'purchases') = 'number'
            THEN (inputs -> 'purchases')::bigint
        END
    ) STORED,
    churn text NOT NULL CHECK (churn IN ('none', 'partial', 'full')),
    churn_reason text CHECK (
        churn_reason IN ('price', 'product', 'service', 'promotion', 'market', 'technology')
    ),
    life_cycle text CHECK (life_cycle IN ('early_exit', 'mid_loss', 'lasting')),
    -- Whether the tier of the customer follows from the score, or stays as somebody set it.
    tier_source text NOT NULL CHECK (tier_source IN ('computed', 'manual')),
    -- Grows by one with each change of what was given; what is computed does not count.
    version bigint NOT NULL CHECK (version > 0),
    score smallint CHECK (score BETWEEN 0 AND 10000),
    computed_tier text CHECK (computed_tier IN ('A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2')),
    pyramid text CHECK (pyramid IN ('important', 'secondary', 'ordinary', 'small')),
    value_level text CHECK (value_level IN ('high', 'mid', 'low')),
    potential_level text CHECK (potential_level IN ('high', 'mid', 'low')),
    loyalty_level text CHECK (loyalty_level IN ('high', 'mid', 'low')),
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, customer_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    CHECK (churn <> 'none' OR churn_reason IS NULL)
);

CREATE INDEX customer_values_by_purchases
    ON customer_values (tenant_id, purchases DESC)
    WHERE purchases IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON customer_values TO switchboard_app;
SELECT guard_tenant_table('customer_values');
