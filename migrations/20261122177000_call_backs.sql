-- A call that a ticket asks for, by its rule or by somebody who works on it, has no closing, no day and no
-- call before it.
ALTER TABLE follow_ups
    DROP CONSTRAINT follow_ups_cause,
    ADD CONSTRAINT follow_ups_cause CHECK (
        num_nonnulls(closing, touchpoint_id, interaction_id) <= 1
        AND (num_nonnulls(closing, touchpoint_id, interaction_id) = 1 OR ticket_id IS NOT NULL)
        AND (closing IS NULL OR ticket_id IS NOT NULL)
        AND (touchpoint_id IS NULL OR ticket_id IS NULL)
        AND (interaction_id IS NULL OR survey IS NOT NULL)
        AND (queue_id IS NOT NULL OR interaction_id IS NOT NULL)
    );
