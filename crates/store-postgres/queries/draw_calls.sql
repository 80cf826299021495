-- Draws calls by chance and opens an evaluation for each: the order is that of a hash of their names with
-- the name of the first evaluation, which nobody can choose.
WITH judgeable AS (
    SELECT
        id, agent_id, queue_id,
        hashtextextended(id, hashtextextended(($4::text[])[1], 0)) AS turn
    FROM interactions
    WHERE tenant_id = $1
        AND started_at >= $5 AND started_at < $6
        AND state = 'ended' AND answered_at IS NOT NULL AND agent_id IS NOT NULL
        -- What agents ask each other, work on tickets and the center's own tests are no calls of customers.
        AND origin <> 'consult' AND gateway_id IS DISTINCT FROM 'tickets'
        AND NOT 'test' = ANY(caller_lists)
        AND (cardinality($7::text[]) = 0 OR queue_id = ANY($7))
        AND ($8::text IS NULL OR queue_id = $8)
        AND ($9::text IS NULL OR agent_id = $9)
        AND ($10::text IS NULL OR disposition = $10)
        AND (NOT $11 OR 'mystery' = ANY(caller_lists))
        AND NOT EXISTS (
            SELECT FROM evaluations
            WHERE evaluations.tenant_id = $1
                AND evaluations.interaction_id = interactions.id
                AND evaluations.scorecard = $2
                AND evaluations.state <> 'withdrawn'
        )
),
shared AS (
    SELECT *, row_number() OVER (PARTITION BY agent_id ORDER BY turn, id) AS of_agent
    FROM judgeable
),
drawn AS (
    SELECT *, row_number() OVER (ORDER BY turn, id) AS place
    FROM shared
    WHERE $12::bigint IS NULL OR of_agent <= $12
    ORDER BY turn, id
    LIMIT cardinality($4::text[])
)
INSERT INTO evaluations (
    tenant_id, id, scorecard, state, interaction_id, agent_id, queue_id, sample, draw, opened_by, opened_at,
    changed_at, version
)
SELECT
    $1, ($4::text[])[place], $2, 'open', id, agent_id, queue_id, $13, $3, $14, $15, $15, 1
FROM drawn
ON CONFLICT DO NOTHING
RETURNING *
