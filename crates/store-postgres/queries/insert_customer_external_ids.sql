-- Keeps the external ids of a customer, in the order they were given; gives the positions of those
-- that no other customer has.
INSERT INTO customer_external_ids (
    tenant_id, customer_id, position, system, id_index, sealed
)
SELECT $1, $2, given.position, given.system, given.id_index, given.sealed
FROM unnest($3::text[], $4::bytea[], $5::bytea[])
    WITH ORDINALITY AS given (system, id_index, sealed, position)
ON CONFLICT (tenant_id, id_index) DO NOTHING
RETURNING position
