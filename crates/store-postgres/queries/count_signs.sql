-- How many tickets are signs of an incident, and of how many customers, by the records that lead for
-- theirs; counted up to a bound. Tickets of nobody count as tickets only.
SELECT
    count(*) AS signs,
    count(DISTINCT coalesce(customers.merged_into, signs.customer_id)) AS customers
FROM (
    SELECT customer_id
    FROM tickets
    WHERE tenant_id = $1
        AND created_at >= $2
        AND (cardinality($3::text[]) = 0 OR kind = ANY($3))
        AND ($4::text IS NULL OR category = $4 OR starts_with(category, $4 || '/'))
        AND ($5::text IS NULL OR department = $5)
        AND incident_id IS NULL
        AND parent_id IS NULL
        AND NOT is_incident
        AND NOT kept_apart
        AND state NOT IN ('merged', 'cancelled')
    LIMIT $6
) AS signs
LEFT JOIN customers ON customers.tenant_id = $1 AND customers.id = signs.customer_id
