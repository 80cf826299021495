-- For each word that is asked for: the words that fit it, at most so many and in the order of their
-- letters, and how many tickets the first of them have, counted up to a bound. Each step of the
-- recursion is one look into the index.
WITH RECURSIVE fitting AS (
    SELECT asked.place, asked.beyond, first.word, 1 AS found
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked (word, beyond, place)
    CROSS JOIN LATERAL (
        SELECT word
        FROM ticket_words
        WHERE tenant_id = $1
            AND ticket_words.word COLLATE "C" >= asked.word COLLATE "C"
            AND ticket_words.word COLLATE "C" < asked.beyond COLLATE "C"
        ORDER BY ticket_words.word
        LIMIT 1
    ) AS first
    UNION ALL
    SELECT fitting.place, fitting.beyond, next.word, fitting.found + 1
    FROM fitting
    CROSS JOIN LATERAL (
        SELECT word
        FROM ticket_words
        WHERE tenant_id = $1
            AND ticket_words.word > fitting.word
            AND ticket_words.word COLLATE "C" < fitting.beyond COLLATE "C"
        ORDER BY ticket_words.word
        LIMIT 1
    ) AS next
    WHERE fitting.found < $4
)
SELECT
    fitting.place,
    array_agg(fitting.word ORDER BY fitting.word) AS words,
    sum(counted.tickets)::bigint AS tickets
FROM fitting
CROSS JOIN LATERAL (
    SELECT count(*) AS tickets
    FROM (
        SELECT
        FROM ticket_words
        WHERE tenant_id = $1 AND ticket_words.word = fitting.word
        LIMIT $5
    ) AS under
) AS counted
GROUP BY fitting.place
ORDER BY fitting.place
