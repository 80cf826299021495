-- Before which place in the stream each tenant keeps no event back: a month that every tenant lets go,
-- or has nothing in, goes by a drop.
CREATE TABLE event_consents (
    tenant_id text PRIMARY KEY REFERENCES tenants (id),
    before_millis bigint NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON event_consents TO switchboard_app;
SELECT guard_tenant_table('event_consents');
DO $$
BEGIN
    EXECUTE format(
        'CREATE POLICY counted_by_owner ON event_consents FOR SELECT TO %I USING (true)', current_user
    );
END
$$;

-- Says whether somebody keeps events of a partition.
CREATE FUNCTION is_event_month_kept(part regclass, ends bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    is_kept boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS ('
        '    SELECT FROM tenants'
        '    WHERE NOT EXISTS ('
        '        SELECT FROM event_consents'
        '        WHERE event_consents.tenant_id = tenants.id AND before_millis >= %s'
        '    )'
        '    AND EXISTS (SELECT FROM %s AS events WHERE events.tenant_id = tenants.id)'
        ')',
        ends, part
    ) INTO is_kept;
    RETURN is_kept;
END
$$;

-- Drops the earliest month whose events every tenant lets go, and gives it; nothing when there is none.
CREATE FUNCTION drop_event_month() RETURNS date
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
-- Readers behind a lock that is waited for wait too.
SET lock_timeout = '2s'
AS $$
DECLARE
    month record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('event_months'), 0);
    FOR month IN
        SELECT parts.part, parts.ends
        FROM event_partitions() AS parts
        WHERE parts.part <> 'interaction_events_before'::regclass
            AND parts.ends <= (SELECT max(before_millis) FROM event_consents)
        ORDER BY parts.ends
    LOOP
        CONTINUE WHEN is_event_month_kept(month.part, month.ends);
        -- Nobody adds an event, or keeps one back, between the second look and the drop.
        LOCK TABLE interaction_events IN ACCESS EXCLUSIVE MODE;
        LOCK TABLE event_consents IN SHARE MODE;
        CONTINUE WHEN is_event_month_kept(month.part, month.ends);
        EXECUTE format('DROP TABLE %s', month.part);
        RETURN to_timestamp(month.ends / 1000.0) AT TIME ZONE 'UTC' - interval '1 month';
    END LOOP;
    RETURN NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION drop_event_month() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_event_month() TO switchboard_app;
