"""Stored attendance broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()

COURSE = "(SELECT action_id FROM certificate WHERE id = :c)"
ONE = f"(SELECT min(id) FROM participant WHERE action_id = {COURSE})"


@breaks("stored_attendance_is_what_the_marks_give")
def a_second_was_added(history: Broken) -> None:
    history.run(
        f"UPDATE attendance_result SET credited_seconds = credited_seconds - 1 WHERE participant_id = {ONE}",
        c=history.certificates["rejected"],
    )


@breaks("stored_attendance_is_what_the_marks_give")
def a_participant_has_no_figures(history: Broken) -> None:
    history.run(f"DELETE FROM attendance_result WHERE participant_id = {ONE}", c=history.certificates["rejected"])


@breaks("stored_attendance_is_what_the_marks_give")
def the_class_of_some_marks_was_held_by_nobody(history: Broken) -> None:
    history.run(
        f"DELETE FROM class_instructor WHERE class_held_id = (SELECT min(id) FROM class_held WHERE action_id = {COURSE})",
        c=history.certificates["rejected"],
    )


@breaks("attendance_within_one_course")
def figures_are_kept_with_another_course(history: Broken) -> None:
    history.run(
        f"UPDATE attendance_result SET action_id = (SELECT max(id) FROM training_action) WHERE participant_id = {ONE}",
        c=history.certificates["rejected"],
    )


@breaks("changes_are_about_the_latest_issue")
def a_change_is_about_the_issue_of_another_course(history: Broken) -> None:
    history.run("UPDATE attendance_change SET issuance_id = :i", i=history.issuances("issued")[0])
