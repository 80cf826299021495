-- Follow-ups whose call is over, and those that are to be looked at, with what is known of the call.
SELECT follow_ups.*, contact.id IS NOT NULL AS has_begun, contact.ended_at IS NOT NULL AS is_over,
    contact.answered_at IS NOT NULL AS is_answered, contact.end_reason
FROM follow_ups
LEFT JOIN interactions AS contact
    ON contact.tenant_id = follow_ups.tenant_id
    AND contact.id = follow_ups.contact_id
WHERE follow_ups.tenant_id = $1
    AND follow_ups.state = 'calling'
    AND (contact.ended_at IS NOT NULL OR follow_ups.due_at <= $2)
ORDER BY follow_ups.due_at
LIMIT $3
