"""What falls due about tasks, broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()

WAITING = "(SELECT task_id FROM task_timer WHERE fired_at IS NULL AND cancelled_at IS NULL ORDER BY id LIMIT 1)"


@breaks("open_terms_have_timers")
def a_reminder_was_lost(history: Broken) -> None:
    history.run(f"DELETE FROM task_timer WHERE kind = 'reminder_80' AND task_id = {WAITING}")


@breaks("open_terms_have_timers")
def nothing_falls_due_about_a_task_with_a_term(history: Broken) -> None:
    history.run(f"DELETE FROM task_timer WHERE task_id = {WAITING}")


@breaks("timers_stop_with_their_task")
def a_reminder_outlived_its_task(history: Broken) -> None:
    history.run(
        "UPDATE task_timer SET cancelled_at = NULL WHERE id = (SELECT min(id) FROM task_timer WHERE cancelled_at IS NOT NULL)"
    )


@breaks("timers_fire_in_time")
def a_reminder_was_due_yesterday(history: Broken) -> None:
    history.run(
        f"UPDATE task_timer SET due_at = now() - interval '1 day' WHERE kind = 'reminder_50' AND task_id = {WAITING}"
    )


@breaks("escalated_by_their_timer")
def the_national_level_sees_a_task_before_its_time(history: Broken) -> None:
    history.run(
        "UPDATE task_timer SET fired_at = NULL, cancelled_at = NULL, due_at = now() + interval '1 day'"
        " WHERE kind = 'escalation' AND fired_at IS NOT NULL"
    )
