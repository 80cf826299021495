-- Numbers of customers sealed with the customer's key, and found by blind indexes. The columns in
-- clear are empty in whatever is written from now on; `switchboard keys seal` empties the others.
ALTER TABLE customer_numbers
    ADD COLUMN sealed bytea,
    ADD COLUMN number_index bytea,
    ADD COLUMN suffix_index bytea,
    ALTER COLUMN e164 DROP NOT NULL,
    ALTER COLUMN suffix DROP NOT NULL,
    ADD CONSTRAINT customer_numbers_sealed_or_clear CHECK (
        CASE WHEN sealed IS NULL
            THEN num_nulls(e164, suffix) = 0 AND num_nonnulls(number_index, suffix_index) = 0
            ELSE num_nonnulls(e164, suffix) = 0 AND num_nulls(number_index, suffix_index) = 0
        END
    );
