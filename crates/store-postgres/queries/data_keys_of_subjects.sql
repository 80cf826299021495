-- The data keys of subjects, as far as there are any; one that was destroyed has nothing wrapped.
--
-- Looked up one by one, whatever is thought of how many there are: a plan made while the table was empty
-- would else read every key of the tenant, for the recorder again with each batch.
SELECT found.subject, found.wrapped
FROM unnest($2::text[]) AS asked (subject)
CROSS JOIN LATERAL (
    SELECT one.subject, one.wrapped
    FROM data_keys AS one
    WHERE one.tenant_id = $1 AND one.subject = asked.subject
    OFFSET 0
) AS found
