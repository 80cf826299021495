-- Open tickets with which something is wrong, all together and by department: each count is that of the
-- list of the same name.
SELECT
    grouping(department) = 1 AS is_all,
    department,
    count(*) AS open,
    count(*) FILTER (WHERE due_at <= $3) AS overdue,
    count(*) FILTER (WHERE changed_at < $4) AS stuck,
    count(*) FILTER (WHERE bounced > 1) AS bounced,
    count(*) FILTER (WHERE reopened > 0) AS reopened,
    count(*) FILTER (WHERE assignee_id IS NULL) AS unassigned
FROM tickets
WHERE tenant_id = $1
    AND state NOT IN ('resolved', 'closed', 'merged', 'cancelled')
    AND ($2::text IS NULL OR department = $2)
GROUP BY GROUPING SETS ((), (department))
ORDER BY is_all DESC, department NULLS FIRST
-- All together, and as many departments as an answer holds.
LIMIT 1001
