-- A row that is part of another one has its tenant by that key already: a second key to the tenant
-- checks the same again for each row, and locks the tenant's row while many are written.
ALTER TABLE customer_numbers DROP CONSTRAINT customer_numbers_tenant_id_fkey;
ALTER TABLE customer_events DROP CONSTRAINT customer_events_tenant_id_fkey;
ALTER TABLE customer_external_ids DROP CONSTRAINT customer_external_ids_tenant_id_fkey;
ALTER TABLE customer_words DROP CONSTRAINT customer_words_tenant_id_fkey;
ALTER TABLE customer_values DROP CONSTRAINT customer_values_tenant_id_fkey;
ALTER TABLE customer_merges DROP CONSTRAINT customer_merges_tenant_id_fkey;
ALTER TABLE legal_holds DROP CONSTRAINT legal_holds_tenant_id_fkey;
ALTER TABLE ticket_events DROP CONSTRAINT ticket_events_tenant_id_fkey;
ALTER TABLE ticket_joins DROP CONSTRAINT ticket_joins_tenant_id_fkey;
