-- What every table of a tenant does at the end of its file: force row security on everybody.
CREATE FUNCTION guard_tenant_table(guarded regclass) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format(
        'CREATE POLICY own_tenant ON %s '
        'USING (tenant_id = current_setting(''app.tenant'', true)) '
        'WITH CHECK (tenant_id = current_setting(''app.tenant'', true))',
        guarded
    );
END
$$;

REVOKE EXECUTE ON FUNCTION guard_tenant_table(regclass) FROM PUBLIC;
