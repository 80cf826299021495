-- Keeps what was found, if the evaluation still is as it was read.
UPDATE evaluations
SET state = 'done', evaluator = $4, judged_at = $5, score = $6, passed = $7, failed = $8, sealed = $9,
    changed_at = $10, version = $3 + 1
WHERE tenant_id = $1 AND id = $2 AND version = $3
