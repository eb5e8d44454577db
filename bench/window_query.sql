-- Policy GCA-1 for the whole country as one statement: pairs by window functions, the union of stays by range_agg.
-- The provisional figure differs from the firm one only in classes with a pending mark, so only those are paired again.
CREATE TEMPORARY TABLE window_figures ON COMMIT DROP AS
WITH held AS (
    SELECT class_held_id, min(started_at) AS started_at,
           CASE WHEN bool_and(ended_at IS NOT NULL) THEN range_agg(tstzrange(started_at, ended_at)) END AS held
    FROM class_instructor GROUP BY class_held_id
), piece AS (
    SELECT class_held_id, started_at, lower(part) AS held_from, upper(part) AS held_to
    FROM held CROSS JOIN LATERAL unnest(held.held) AS part
), unclosed AS (
    SELECT DISTINCT class_held.action_id
    FROM held JOIN class_held ON class_held.id = held.class_held_id WHERE held.held IS NULL
), waiting AS (
    SELECT DISTINCT participant_id, class_held_id FROM attendance_mark WHERE validation = 'pending'
), firm_mark AS (
    SELECT participant_id, class_held_id, kind, marked_at,
           lag(kind) OVER own AS before, lead(kind) OVER own AS after
    FROM attendance_mark WHERE validation = 'valid'
    WINDOW own AS (PARTITION BY participant_id, class_held_id ORDER BY marked_at, kind DESC)
), provisional_mark AS (
    SELECT participant_id, class_held_id, kind, marked_at, lag(kind) OVER own AS before
    FROM attendance_mark JOIN waiting USING (participant_id, class_held_id) WHERE validation <> 'rejected'
    WINDOW own AS (PARTITION BY participant_id, class_held_id ORDER BY marked_at, kind DESC)
), flagged AS (
    SELECT participant_id,
           bool_or(kind = 'out' AND before IS DISTINCT FROM 'in') AS missing_entry,
           bool_or(kind = 'in' AND after IS NULL) AS missing_exit,
           bool_or(kind = 'in' AND before = 'in') AS repeated_entry
    FROM firm_mark GROUP BY participant_id
), firm_stay AS (
    SELECT participant_id, class_held_id, kind, marked_at AS entered_at,
           lead(marked_at) OVER own AS left_at, row_number() OVER own AS number
    FROM firm_mark WHERE kind = 'in' AND before IS DISTINCT FROM 'in' OR kind = 'out' AND before = 'in'
    WINDOW own AS (PARTITION BY participant_id, class_held_id ORDER BY marked_at, kind DESC)
), provisional_stay AS (
    SELECT participant_id, class_held_id, kind, marked_at AS entered_at,
           lead(marked_at) OVER own AS left_at, row_number() OVER own AS number
    FROM provisional_mark WHERE kind = 'in' AND before IS DISTINCT FROM 'in' OR kind = 'out' AND before = 'in'
    WINDOW own AS (PARTITION BY participant_id, class_held_id ORDER BY marked_at, kind DESC)
), stay AS (
    SELECT participant_id, class_held_id, entered_at, left_at, number, TRUE AS is_firm,
           waiting.class_held_id IS NULL AS is_provisional
    FROM firm_stay LEFT JOIN waiting USING (participant_id, class_held_id)
    WHERE kind = 'in' AND left_at IS NOT NULL
    UNION ALL
    SELECT participant_id, class_held_id, entered_at, left_at, number, FALSE, TRUE
    FROM provisional_stay WHERE kind = 'in' AND left_at IS NOT NULL
), credited AS (
    SELECT participant_id, is_firm, is_provisional,
           greatest(held_from, CASE WHEN number = 1 AND entered_at <= started_at + interval '20 minutes'
                                    THEN least(entered_at, started_at) ELSE entered_at END) AS credited_from,
           least(held_to, left_at) AS credited_to
    FROM stay JOIN piece USING (class_held_id)
), united AS (
    SELECT participant_id,
           range_agg(tstzrange(credited_from, credited_to)) FILTER (WHERE is_firm) AS firm,
           range_agg(tstzrange(credited_from, credited_to)) FILTER (WHERE is_provisional) AS provisional
    FROM credited WHERE credited_from < credited_to GROUP BY participant_id
)
SELECT participant.id AS participant_id, participant.action_id,
       (3600 * CASE activity WHEN 'partial' THEN partial_hours WHEN 'complementary' THEN credited_hours - partial_hours
                             ELSE credited_hours END)::integer AS required_seconds,
       (SELECT coalesce(floor(extract(epoch FROM sum(upper(part) - lower(part)))), 0)
        FROM unnest(firm) AS part)::integer AS credited_seconds,
       (SELECT coalesce(floor(extract(epoch FROM sum(upper(part) - lower(part)))), 0)
        FROM unnest(provisional) AS part)::integer AS provisional_seconds,
       to_jsonb(array_remove(ARRAY[
           CASE WHEN unclosed.action_id IS NOT NULL THEN 'class_not_closed' END,
           CASE WHEN missing_entry THEN 'missing_entry' END,
           CASE WHEN missing_exit THEN 'missing_exit' END,
           CASE WHEN repeated_entry THEN 'repeated_entry' END], NULL)) AS flags
FROM participant
JOIN training_action ON training_action.id = participant.action_id
LEFT JOIN united ON united.participant_id = participant.id
LEFT JOIN flagged ON flagged.participant_id = participant.id
LEFT JOIN unclosed ON unclosed.action_id = participant.action_id;

INSERT INTO attendance_result AS stored
    (participant_id, action_id, policy_id, required_seconds, credited_seconds, provisional_seconds, flags, computed_at)
SELECT participant_id, action_id, 'GCA-1', required_seconds, credited_seconds, provisional_seconds, flags, now()
FROM window_figures ORDER BY participant_id
ON CONFLICT (participant_id) DO UPDATE SET
    action_id = excluded.action_id, policy_id = excluded.policy_id, required_seconds = excluded.required_seconds,
    credited_seconds = excluded.credited_seconds, provisional_seconds = excluded.provisional_seconds,
    flags = excluded.flags, computed_at = excluded.computed_at;
