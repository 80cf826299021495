-- Follow-ups whose call is over, and those that are to be looked at because it should be.
SELECT follow_ups.*, contact.answered_at IS NOT NULL AS is_answered, contact.end_reason
FROM follow_ups
LEFT JOIN interactions AS contact
    ON contact.tenant_id = follow_ups.tenant_id
    AND contact.id = follow_ups.contact_id
    AND contact.ended_at IS NOT NULL
WHERE follow_ups.tenant_id = $1
    AND follow_ups.state = 'calling'
    AND (contact.id IS NOT NULL OR follow_ups.due_at <= $2)
ORDER BY follow_ups.due_at
LIMIT $3
