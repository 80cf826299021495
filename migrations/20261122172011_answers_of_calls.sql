-- Answers that a caller keyed at the end of a call belong to that call, and to no closing and no day; they
-- may be about a ticket, and no queue calls for them.
ALTER TABLE follow_ups
    ADD COLUMN interaction_id text,
    ALTER COLUMN queue_id DROP NOT NULL,
    DROP CONSTRAINT follow_ups_cause,
    ADD CONSTRAINT follow_ups_cause CHECK (
        num_nonnulls(closing, touchpoint_id, interaction_id) = 1
        AND (closing IS NULL OR ticket_id IS NOT NULL)
        AND (touchpoint_id IS NULL OR ticket_id IS NULL)
        AND (interaction_id IS NULL OR survey IS NOT NULL)
        AND (queue_id IS NOT NULL OR interaction_id IS NOT NULL)
    );
