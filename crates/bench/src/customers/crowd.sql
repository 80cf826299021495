-- Customers of whom only a lookup's tables tell, so many that the imported ones are one among {apart}: each
-- of these stands between others, on pages and in indexes, as if all had been imported. Triggers and
-- foreign keys are left out, and the indexes are built when all rows are there, as in a restore.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';

CREATE TEMPORARY TABLE imported AS
SELECT row_number() OVER (ORDER BY id) AS place, customers.*
FROM customers
WHERE id LIKE 'bench-%';
CREATE UNIQUE INDEX ON imported (place);
CREATE TEMPORARY TABLE imported_numbers AS
SELECT imported.place, held.*
FROM imported
JOIN customer_numbers AS held ON held.tenant_id = '{tenant}' AND held.customer_id = imported.id;
CREATE INDEX ON imported_numbers (place);
CREATE TEMPORARY TABLE imported_keys AS
SELECT imported.place, made.subject, made.wrapped
FROM imported
JOIN data_keys AS made
    ON made.tenant_id = '{tenant}' AND made.subject = 'customer/' || imported.id;
CREATE UNIQUE INDEX ON imported_keys (place);
ANALYZE imported, imported_numbers, imported_keys;

DELETE FROM customers WHERE tenant_id = '{tenant}' AND id LIKE ANY(ARRAY['bench-%', 'crowd-%']);
DELETE FROM customer_numbers
WHERE tenant_id = '{tenant}' AND customer_id LIKE ANY(ARRAY['bench-%', 'crowd-%']);
DELETE FROM data_keys
WHERE tenant_id = '{tenant}'
    AND subject LIKE ANY(ARRAY['customer/bench-%', 'customer/crowd-%']);

UPDATE pg_index SET indisready = FALSE, indisvalid = FALSE
WHERE indrelid IN ('customers'::regclass, 'customer_numbers'::regclass, 'data_keys'::regclass);
VACUUM customers, customer_numbers, data_keys;

INSERT INTO customers (tenant_id, id, name, tier, language, created_at, version, kind, party_type)
SELECT
    '{tenant}',
    coalesce(imported.id, 'crowd-' || n),
    coalesce(imported.name, 'Customer ' || n),
    coalesce(imported.tier, (ARRAY['A1', 'A2', 'A3', 'B1', 'B2', 'C1', 'C2'])[n % 7 + 1]),
    'zh-CN', now() - n * interval '1 second', 1, 'person', 'current'
FROM generate_series(1, {rows}) AS n
LEFT JOIN imported ON n % {apart} = 0 AND imported.place = n / {apart};

INSERT INTO customer_numbers (
    tenant_id, customer_id, position, sealed, number_index, suffix_index, ending_index, label
)
SELECT
    '{tenant}',
    coalesce(imported.customer_id, 'crowd-' || n),
    nth,
    coalesce(imported.sealed, substr(sha512(made.seed), 1, 43)),
    coalesce(imported.number_index, sha256(made.seed)),
    coalesce(imported.suffix_index, sha256('suffix' || made.seed)),
    coalesce(imported.ending_index, sha256(('ending' || n % 10000)::bytea)),
    CASE nth WHEN 1 THEN 'mobile' ELSE 'office' END
FROM generate_series(1, {rows}) AS n
CROSS JOIN generate_series(1, 2) AS nth
CROSS JOIN LATERAL (SELECT (n || '/' || nth)::bytea AS seed) AS made
LEFT JOIN imported_numbers AS imported
    ON n % {apart} = 0 AND imported.place = n / {apart} AND imported.position = nth;

INSERT INTO data_keys (tenant_id, subject, wrapped)
SELECT
    '{tenant}',
    coalesce(imported.subject, 'customer/crowd-' || n),
    coalesce(imported.wrapped, sha512(n::text::bytea) || substr(sha256(n::text::bytea), 1, 5))
FROM generate_series(1, {rows}) AS n
LEFT JOIN imported_keys AS imported ON n % {apart} = 0 AND imported.place = n / {apart};

UPDATE pg_index SET indisready = TRUE, indisvalid = TRUE
WHERE indrelid IN ('customers'::regclass, 'customer_numbers'::regclass, 'data_keys'::regclass);
REINDEX TABLE customers;
REINDEX TABLE customer_numbers;
REINDEX TABLE data_keys;
VACUUM ANALYZE customers, customer_numbers, data_keys;
CHECKPOINT;
