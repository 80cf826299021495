-- Deletes some interactions that began before a time, from a place on by age, with what is left of their
-- events and with their keys, unless they are held or go on. When their customers last had to do with the
-- center is told by nothing else any more.
WITH held AS MATERIALIZED (SELECT id FROM held_contacts($1)),
old AS (
    SELECT
        id, started_at, customer_id, ended_at,
        id IN (SELECT id FROM held) AS is_held
    FROM interactions
    WHERE tenant_id = $1
        AND started_at < $2
        AND ($3::timestamptz IS NULL OR (started_at, id) > ($3, $4))
    ORDER BY started_at, id
    LIMIT $5
),
gone AS (
    DELETE FROM interactions
    USING old
    WHERE NOT old.is_held
        -- What is told after the end, such as the end of the wrap-up, is past its time as well.
        AND old.ended_at < $2 - interval '1 day'
        AND interactions.tenant_id = $1
        AND interactions.id = old.id
    RETURNING interactions.id, interactions.customer_id, interactions.ended_at
),
events AS (
    DELETE FROM interaction_events
    USING gone
    WHERE interaction_events.tenant_id = $1 AND interaction_events.interaction_id = gone.id
),
-- What a flow asked in a call goes with its ticket, or with the call if there is none.
asked AS (
    DELETE FROM follow_ups
    USING gone
    WHERE follow_ups.tenant_id = $1
        AND follow_ups.interaction_id = gone.id
        AND follow_ups.ticket_id IS NULL
    RETURNING follow_ups.id
),
answers AS (
    DELETE FROM survey_answers
    USING asked
    WHERE survey_answers.tenant_id = $1 AND survey_answers.follow_up_id = asked.id
),
keyed AS (
    DELETE FROM call_surveys
    USING gone
    WHERE call_surveys.tenant_id = $1 AND call_surveys.interaction_id = gone.id
),
judged AS (
    DELETE FROM evaluations
    USING gone
    WHERE evaluations.tenant_id = $1 AND evaluations.interaction_id = gone.id
),
keys AS (
    DELETE FROM data_keys
    USING gone
    WHERE data_keys.tenant_id = $1 AND data_keys.subject = 'contact/' || gone.id
),
told AS (
    UPDATE customers
    SET last_contact_at = greatest(customers.last_contact_at, last.at)
    FROM (
        SELECT customer_id, max(ended_at) AS at
        FROM gone
        WHERE customer_id IS NOT NULL
        GROUP BY customer_id
    ) AS last
    WHERE customers.tenant_id = $1 AND customers.id = last.customer_id
)
SELECT
    (SELECT count(*) FROM old) AS seen,
    (SELECT count(*) FROM gone) AS gone,
    (SELECT count(*) FROM old WHERE is_held) AS held,
    started_at AS last_at,
    id AS last_id
FROM old
ORDER BY started_at DESC, id DESC
LIMIT 1
