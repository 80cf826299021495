-- Customers of an owner, of a tier, with something to be put right, or all of it; the newest first.
-- What a number can be is for the program to say: of those findings some too many are given.
SELECT id, created_at
FROM customers
WHERE tenant_id = $1
    AND merged_into IS NULL
    AND erased_at IS NULL
    AND ($2::text IS NULL OR owner_agent_id = $2)
    AND ($3::text IS NULL OR tier = $3)
    AND ($4::text IS DISTINCT FROM 'LANGUAGE_MISSING' OR language IS NULL)
    AND (
        $4::text IS DISTINCT FROM 'OWNER_MISSING'
        OR (owner_agent_id IS NULL AND tier = ANY($5::text[]))
    )
    AND (
        $4::text IS DISTINCT FROM 'REVIEW_DUE'
        OR coalesce(reviewed_at, created_at) <= $6::timestamptz
    )
    AND ($7::timestamptz IS NULL OR (created_at, id) < ($7::timestamptz, $8))
ORDER BY created_at DESC, id DESC
LIMIT $9
