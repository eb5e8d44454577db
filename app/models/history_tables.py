"""Which tables are history, whose rows nobody changes or takes away, and which are worked on. Every table is one of them.

`flask prepare` has the database hold to it (ADR 19): a trigger refuses everybody, and the application's role has no right to.
"""

from collections.abc import Mapping

from app.db import db

# With the columns that may change later; all others are written once.
HISTORY: Mapping[str, tuple[str, ...]] = {
    # What was issued, asked for, decided and stored.
    "certificate": (),
    "issuance": (),
    "annulment_request": (),
    "annulment_decision": (),
    "issuance_void": (),
    "retroactive_request": (),
    "retroactive_attachment": (),
    "retroactive_decision": (),
    "signing_certificate": (),
    "document": (),
    "history_event": (),
    "table_decision": (),
    "folio_counter": ("last_number",),
    # The public log; what waits for it leaves `log_pending` on its way in.
    "log_leaf": (),
    "log_node": (),
    "log_key": (),
    "log_head": (),
    # What certificates are computed and decided by, and who made that so.
    "attendance_policy": (),
    "process_definition": ("retired_at", "retired_by_id"),
    "draft_event": (),
    "coverage_rule": (),
    "holiday": ("withdrawn_at", "withdrawn_by_id"),
    # A correction replaces what a mark says and keeps here what it said before; the demo dates when its marks came in.
    "correction": (),
    "attendance_mark": (
        *("participant_id", "class_held_id", "kind", "marked_at", "validation", "device_id"),
        "received_at",
    ),
}
# To lock a row takes the right to change one of its columns: they have it for `id`, which the trigger refuses to change.
LOCKED = frozenset({"certificate"})

WORKED_ON = frozenset(
    {
        # Records that the intake corrects, with what was before in `correction`.
        *("organisation", "person", "training_action", "participant", "class_held", "class_instructor"),
        # Who may do what today.
        *("credential", "profile_grant", "api_token", "api_answer"),
        # What can be computed again.
        *("attendance_result", "attendance_change"),
        # Work under way. What came of it is told by the facts and events above.
        *("process_instance", "human_task", "task_timer", "awaited_event", "claimed_request"),
        *("effect", "incident", "log_pending"),
        *("job", "job_chunk", "bulk_issue", "bulk_issue_row", "process_draft", "draft_presence"),
    }
)


def frozen(table: str) -> tuple[str, ...]:
    """The columns of a table of history that never change, in alphabetical order."""
    return tuple(sorted({column.name for column in db.metadata.tables[table].columns} - set(HISTORY[table])))
