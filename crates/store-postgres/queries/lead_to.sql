-- Lets a record and everything that was merged into it lead to another one; without another one the
-- record leads itself again, and the rest to it.
WITH RECURSIVE below (id) AS (
    SELECT $2::text
    UNION ALL
    SELECT customer_merges.loser_id
    FROM customer_merges
    JOIN below ON customer_merges.winner_id = below.id
    WHERE customer_merges.tenant_id = $1
)
UPDATE customers
SET merged_into = coalesce($3::text, nullif($2, customers.id))
WHERE tenant_id = $1 AND id IN (SELECT below.id FROM below)
