-- Services may delete what is past its time, and nothing else of what can only be added to: a
-- transaction says before when, as it says whose it is. Without it no row of these tables goes.
CREATE FUNCTION guard_history(guarded regclass, dated text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE POLICY past_its_time ON %s AS RESTRICTIVE FOR DELETE TO switchboard_app '
        'USING (%s < nullif(current_setting(''app.keeps_from'', true), '''')::timestamptz)',
        guarded, dated
    );
    EXECUTE format('GRANT DELETE ON %s TO switchboard_app', guarded);
END
$$;

REVOKE EXECUTE ON FUNCTION guard_history(regclass, text) FROM PUBLIC;
SELECT guard_history('audit', 'happened_at');
SELECT guard_history('interaction_events', 'to_timestamp(stream_millis / 1000.0)');
SELECT guard_history('interactions', 'started_at');
SELECT guard_history('ticket_events', 'happened_at');

-- What goes with these, or when it is over.
GRANT DELETE ON data_keys, tickets, ticket_joins, ticket_changes, promises, follow_ups,
    survey_answers TO switchboard_app;

-- Whoever a legal hold is about: the record, and every one that is the same person's.
CREATE FUNCTION held_customers(of_tenant text) RETURNS TABLE (id text) LANGUAGE sql STABLE AS $$
    WITH leads AS (
        SELECT coalesce(customers.merged_into, customers.id) AS id
        FROM legal_holds
        JOIN customers ON customers.tenant_id = of_tenant AND customers.id = legal_holds.customer_id
        WHERE legal_holds.tenant_id = of_tenant
    )
    SELECT leads.id FROM leads
    UNION
    SELECT customers.id
    FROM leads
    JOIN customers ON customers.tenant_id = of_tenant AND customers.merged_into = leads.id
$$;

-- Their calls, and those from any of their numbers that nobody was found for.
CREATE FUNCTION held_contacts(of_tenant text) RETURNS TABLE (id text) LANGUAGE sql STABLE AS $$
    WITH held AS (SELECT held_customers.id FROM held_customers(of_tenant))
    SELECT interactions.id
    FROM held
    JOIN interactions
        ON interactions.tenant_id = of_tenant AND interactions.customer_id = held.id
    UNION
    SELECT interactions.id
    FROM held
    JOIN customer_numbers
        ON customer_numbers.tenant_id = of_tenant AND customer_numbers.customer_id = held.id
    JOIN interactions
        ON interactions.tenant_id = of_tenant
            AND interactions.caller_index = customer_numbers.number_index
    WHERE interactions.customer_id IS NULL
$$;
