-- Pairs of customers who have a number in common, or the whole name; of the first ones given by id,
-- each with the key of its name. `$4` pairs each with the later ones only, so that each pair comes once.
SELECT one, other
FROM (
    SELECT own.customer_id AS one, their.customer_id AS other
    FROM customer_numbers AS own
    JOIN customer_numbers AS their
        ON their.tenant_id = $1
        AND their.suffix_index = own.suffix_index
        AND their.number_index = own.number_index
        AND their.customer_id <> own.customer_id
    WHERE own.tenant_id = $1
        AND own.customer_id = ANY($2)
        AND own.retired_at IS NULL
        AND their.retired_at IS NULL
    UNION
    SELECT named.id AS one, customer_words.customer_id AS other
    FROM unnest($2::text[], $3::text[]) AS named (id, word)
    JOIN customer_words
        ON customer_words.tenant_id = $1
        AND customer_words.word = named.word
        AND customer_words.customer_id <> named.id
    WHERE named.word <> ''
) AS pairs
WHERE NOT $4 OR other > one
ORDER BY one, other
LIMIT $5
