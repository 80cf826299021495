-- Customers with a word that begins like the first one asked for and a word like each of the others,
-- in the order of the words, each customer once: under the first of its words that fits.
SELECT found.word, found.customer_id
FROM customer_words AS found
JOIN customers
    ON customers.tenant_id = $1 AND customers.id = found.customer_id
WHERE found.tenant_id = $1
    AND customers.merged_into IS NULL
    AND found.word >= $2
    AND found.word < $3
    AND (found.word, found.customer_id) > ($4, $5)
    AND NOT EXISTS (
        SELECT
        FROM customer_words AS earlier
        WHERE earlier.tenant_id = $1
            AND earlier.customer_id = found.customer_id
            AND earlier.word >= $2
            AND earlier.word < found.word
    )
    AND NOT EXISTS (
        SELECT
        FROM unnest($6::text[], $7::text[]) AS other (beginning, beyond)
        WHERE NOT EXISTS (
            SELECT
            FROM customer_words AS also
            WHERE also.tenant_id = $1
                AND also.customer_id = found.customer_id
                AND also.word >= other.beginning
                AND also.word < other.beyond
        )
    )
    AND ($8::text IS NULL OR customers.owner_agent_id = $8)
    AND ($9::text IS NULL OR customers.tier = $9)
ORDER BY found.word, found.customer_id
LIMIT $10
