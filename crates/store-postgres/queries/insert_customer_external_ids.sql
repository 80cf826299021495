-- Keeps the external ids of customers; gives those that no other customer has, by customer and
-- position.
INSERT INTO customer_external_ids (tenant_id, customer_id, position, system, id_index, sealed)
SELECT $1, given.*
FROM unnest($2::text[], $3::smallint[], $4::text[], $5::bytea[], $6::bytea[]) AS given
ON CONFLICT (tenant_id, id_index) DO NOTHING
RETURNING customer_id, position
