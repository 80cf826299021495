-- The newest tickets under any of the leading words, at most so many, and of each whether it has one
-- of the words of every other group; the groups are texts with blanks between their words.
SELECT
    led.number,
    led.ticket_id,
    NOT EXISTS (
        SELECT
        FROM unnest($3::text[]) AS asked (words)
        WHERE NOT EXISTS (
            SELECT
            FROM unnest(string_to_array(asked.words, ' ')) AS fitting (word)
            JOIN ticket_words AS also
                ON also.tenant_id = $1
                    AND also.word = fitting.word COLLATE "C"
                    AND also.number = led.number
        )
    ) AS fits
FROM (
    SELECT DISTINCT number, ticket_id
    FROM unnest($2::text[]) AS chosen (word)
    CROSS JOIN LATERAL (
        SELECT number, ticket_id
        FROM ticket_words
        WHERE tenant_id = $1
            AND ticket_words.word = chosen.word COLLATE "C"
            AND number < $4
        ORDER BY number DESC
        LIMIT $5
    ) AS under
    ORDER BY number DESC
    LIMIT $5
) AS led
ORDER BY led.number DESC
