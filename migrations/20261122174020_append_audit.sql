-- Adds lines to a tenant's audit trail, all of them or none: one round trip, and no transaction besides.
CREATE FUNCTION append_audit(
    tenant text,
    actors text[],
    roles text[],
    actions text[],
    objects text[],
    details text[],
    times timestamptz[]
) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM set_config('app.tenant', tenant, true);
    INSERT INTO audit (tenant_id, actor, role, action, object, detail, happened_at)
    SELECT tenant, told.*
    FROM unnest(actors, roles, actions, objects, details, times) AS told;
END
$$;

REVOKE EXECUTE ON FUNCTION
append_audit(text, text[], text[], text[], text[], text[], timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
append_audit(text, text[], text[], text[], text[], text[], timestamptz[]) TO switchboard_app;
