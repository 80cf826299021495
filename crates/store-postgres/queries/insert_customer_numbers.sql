-- Keeps the numbers of a customer, in the order they were given.
INSERT INTO customer_numbers (
    tenant_id, customer_id, position, sealed, number_index, suffix_index, label, retired_at
)
SELECT
    $1, $2, given.position, given.sealed, given.number_index, given.suffix_index, given.label,
    given.retired_at
FROM unnest($3::bytea[], $4::bytea[], $5::bytea[], $6::text[], $7::timestamptz[])
    WITH ORDINALITY AS given (sealed, number_index, suffix_index, label, retired_at, position)
