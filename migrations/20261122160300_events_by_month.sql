-- Events stand in partitions by the month of their place in the stream, so that a month goes by a drop.
-- What is there becomes the partition of everything before the first month: no row is copied.

-- The first millisecond of a month, as the stream counts.
CREATE FUNCTION month_millis(month date) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT (extract(epoch FROM date_trunc('month', month::timestamp)) * 1000)::bigint
$$;

-- Services reach the partitions through the whole alone, under its policy. The policy for the owner
-- lets the functions below move rows and look whether there are any, of every tenant.
CREATE FUNCTION guard_event_partition(guarded regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM guard_tenant_table(guarded);
    EXECUTE format(
        'CREATE POLICY kept_by_owner ON %s TO %I USING (true) WITH CHECK (true)',
        guarded, current_user
    );
END
$$;

REVOKE EXECUTE ON FUNCTION guard_event_partition(regclass) FROM PUBLIC;

ALTER TABLE interaction_events RENAME TO interaction_events_before;
ALTER INDEX interaction_events_pkey RENAME TO interaction_events_before_pkey;
ALTER INDEX interaction_events_by_interaction RENAME TO interaction_events_before_by_interaction;
REVOKE ALL ON interaction_events_before FROM switchboard_app;
DO $$
BEGIN
    EXECUTE format(
        'CREATE POLICY kept_by_owner ON interaction_events_before TO %I USING (true) WITH CHECK (true)',
        current_user
    );
END
$$;

CREATE TABLE interaction_events (
    tenant_id text NOT NULL REFERENCES tenants (id),
    epoch bigint NOT NULL,
    stream_millis bigint NOT NULL,
    stream_sequence bigint NOT NULL,
    interaction_id text,
    entity text NOT NULL,
    entity_id text NOT NULL,
    version bigint NOT NULL,
    floor_at timestamptz NOT NULL,
    happened_at timestamptz NOT NULL,
    kind text NOT NULL,
    fields jsonb NOT NULL,
    trace text,
    sealed bytea,
    PRIMARY KEY (tenant_id, epoch, stream_millis, stream_sequence)
) PARTITION BY RANGE (stream_millis);

CREATE INDEX interaction_events_by_interaction
    ON interaction_events (tenant_id, interaction_id, epoch, stream_millis, stream_sequence)
    WHERE interaction_id IS NOT NULL;

-- Whatever has no month yet, or none any more, is kept here.
CREATE TABLE interaction_events_default PARTITION OF interaction_events DEFAULT;
SELECT guard_event_partition('interaction_events_default');

GRANT SELECT, INSERT ON interaction_events TO switchboard_app;
SELECT guard_tenant_table('interaction_events');

-- The first month is this one; where there are events, the one after the last of them.
DO $$
DECLARE
    last bigint;
    first date := date_trunc('month', now() AT TIME ZONE 'UTC');
BEGIN
    SELECT max(stream_millis) INTO last FROM interaction_events_before;
    IF last IS NOT NULL THEN
        first := greatest(
            first, date_trunc('month', to_timestamp(last / 1000.0) AT TIME ZONE 'UTC')::date
        ) + interval '1 month';
    END IF;
    EXECUTE format(
        'ALTER TABLE interaction_events ATTACH PARTITION interaction_events_before '
        'FOR VALUES FROM (MINVALUE) TO (%s)',
        month_millis(first)
    );
END
$$;

-- The partitions that have an end, with it.
CREATE FUNCTION event_partitions() RETURNS TABLE (part regclass, ends bigint)
LANGUAGE sql STABLE AS $$
    SELECT
        parts.oid::regclass,
        substring(pg_get_expr(parts.relpartbound, parts.oid) FROM 'TO \(''?(-?\d+)')::bigint
    FROM pg_inherits
    JOIN pg_class AS parts ON parts.oid = pg_inherits.inhrelid
    WHERE pg_inherits.inhparent = 'public.interaction_events'::regclass
        AND pg_get_expr(parts.relpartbound, parts.oid) <> 'DEFAULT'
$$;

-- Makes the partition of the next month, if that has begun by a time, and gives the month; nothing when
-- it is there. What was kept without a month moves. Whoever works for the center may ask for this and
-- for no other change of the tables, any number at once.
CREATE FUNCTION make_event_month(upto timestamptz) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
-- Readers behind a lock that is waited for wait too.
SET lock_timeout = '2s'
AS $$
DECLARE
    begins bigint;
    month date;
    ends bigint;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('event_months'), 0);
    SELECT max(parts.ends) INTO begins FROM event_partitions() AS parts;
    month := to_timestamp(begins / 1000.0) AT TIME ZONE 'UTC';
    IF month > upto AT TIME ZONE 'UTC' THEN
        RETURN NULL;
    END IF;
    ends := month_millis((month + interval '1 month')::date);
    name := 'interaction_events_' || to_char(month, 'YYYY_MM');
    EXECUTE format('CREATE TABLE %I (LIKE interaction_events)', name);
    LOCK TABLE interaction_events_default IN ACCESS EXCLUSIVE MODE;
    -- The columns of both are those of the whole, in its order.
    EXECUTE format(
        'WITH moved AS ('
        '    DELETE FROM interaction_events_default'
        '    WHERE stream_millis >= %s AND stream_millis < %s'
        '    RETURNING *'
        ') INSERT INTO %I SELECT * FROM moved',
        begins, ends, name
    );
    EXECUTE format(
        'ALTER TABLE interaction_events ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
        name, begins, ends
    );
    PERFORM guard_event_partition(name::regclass);
    RETURN month;
END
$$;

REVOKE EXECUTE ON FUNCTION make_event_month(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_event_month(timestamptz) TO switchboard_app;

-- The month of the first events after this, and the two behind it.
DO $$
BEGIN
    WHILE make_event_month(now() + interval '2 months') IS NOT NULL LOOP
        NULL;
    END LOOP;
END
$$;
