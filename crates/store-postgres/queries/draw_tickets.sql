-- Draws tickets by chance and opens an evaluation for each, as calls are drawn. Whose work is judged is who
-- resolved it, or else who works on it.
WITH judgeable AS (
    SELECT
        id, queue_id, department,
        coalesce(substring(resolved_by FROM '^agent:(.+)$'), assignee_id) AS agent_id,
        hashtextextended(id, hashtextextended(($4::text[])[1], 0)) AS turn
    FROM tickets
    WHERE tenant_id = $1
        AND created_at >= $5 AND created_at < $6
        AND state IN ('resolved', 'closed')
        AND (cardinality($7::text[]) = 0 OR queue_id = ANY($7))
        AND ($8::text IS NULL OR queue_id = $8)
        AND (cardinality($10::text[]) = 0 OR kind = ANY($10))
        AND ($11::text IS NULL OR department = $11)
        AND NOT EXISTS (
            SELECT FROM evaluations
            WHERE evaluations.tenant_id = $1
                AND evaluations.ticket_id = tickets.id
                AND evaluations.scorecard = $2
                AND evaluations.state <> 'withdrawn'
        )
),
shared AS (
    SELECT *, row_number() OVER (PARTITION BY agent_id ORDER BY turn, id) AS of_agent
    FROM judgeable
    WHERE agent_id IS NOT NULL AND ($9::text IS NULL OR agent_id = $9)
),
drawn AS (
    SELECT *, row_number() OVER (ORDER BY turn, id) AS place
    FROM shared
    WHERE $12::bigint IS NULL OR of_agent <= $12
    ORDER BY turn, id
    LIMIT cardinality($4::text[])
)
INSERT INTO evaluations (
    tenant_id, id, scorecard, state, ticket_id, agent_id, queue_id, department, sample, draw, opened_by,
    opened_at, changed_at, version
)
SELECT
    $1, ($4::text[])[place], $2, 'open', id, agent_id, queue_id, department, $13, $3, $14, $15, $15, 1
FROM drawn
ON CONFLICT DO NOTHING
RETURNING *
