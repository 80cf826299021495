-- Keeps the numbers of customers.
INSERT INTO customer_numbers (
    tenant_id, customer_id, position, sealed, number_index, suffix_index, ending_index, label,
    retired_at
)
SELECT $1, given.*
FROM unnest(
    $2::text[], $3::smallint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[],
    $9::timestamptz[]
) AS given
