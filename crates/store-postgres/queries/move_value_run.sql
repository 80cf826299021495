-- Keeps how far a run has come, and the scores by which it ranks, when they are new or not needed.
UPDATE value_runs
SET phase = $3,
    center_version = $4,
    after_id = $5,
    scored = $6,
    graded = $7,
    tiers_changed = $8,
    moved_at = $9,
    finished_at = $10,
    ranked_scores = CASE WHEN $11 THEN $12 ELSE ranked_scores END,
    ranked_counts = CASE WHEN $11 THEN $13 ELSE ranked_counts END
WHERE tenant_id = $1
    AND id = $2
