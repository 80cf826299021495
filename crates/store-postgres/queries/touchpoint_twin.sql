-- Says whether the same day of a person is settled under another record, or comes first there: under the
-- record that leads, or else with the touchpoint whose name is the first. A day of the year ($8) is the
-- same whatever anchor it counts from.
SELECT EXISTS (
    SELECT
    FROM touchpoints AS twin
    JOIN customers AS record
        ON record.tenant_id = twin.tenant_id AND record.id = twin.customer_id
    WHERE twin.tenant_id = $1
        AND twin.id <> $2
        AND (record.id = $4 OR record.merged_into = $4)
        AND twin.plan = $5
        AND (twin.anchor_on = $6 AND twin.month = $7 OR twin.day = $8)
        AND CASE twin.state
            WHEN 'planned' THEN $3 <> $4 AND (twin.customer_id = $4 OR twin.id < $2)
            WHEN 'skipped' THEN twin.reason <> 'merged'
            ELSE twin.state <> 'lapsed'
        END
)
