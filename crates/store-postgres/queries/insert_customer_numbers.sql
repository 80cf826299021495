-- Keeps the numbers of a customer, in the order they were given.
INSERT INTO customer_numbers (
    tenant_id, customer_id, position, sealed, number_index, suffix_index, label
)
SELECT
    $1, $2, given.position, given.sealed, given.number_index, given.suffix_index, given.label
FROM unnest($3::bytea[], $4::bytea[], $5::bytea[], $6::text[])
    WITH ORDINALITY AS given (sealed, number_index, suffix_index, label, position)
