-- Keeps lines of the lives of many customers; the fields of each are joined by commas.
INSERT INTO customer_events (tenant_id, customer_id, version, fields, actor, happened_at)
SELECT
    $1, given.customer_id, given.version, string_to_array(given.fields, ','), given.actor,
    given.happened_at
FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[])
    AS given (customer_id, version, fields, actor, happened_at)
