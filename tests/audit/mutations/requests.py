"""Requests and decisions broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


@breaks("requests_numbered")
def a_reconsideration_became_the_third_request(history: Broken) -> None:
    history.run("UPDATE annulment_request SET sequence = 3 WHERE id = :i", i=history.requests("reconsidering")[1])


@breaks("requests_numbered")
def the_second_request_for_a_class_became_the_fourth(history: Broken) -> None:
    history.run("UPDATE retroactive_request SET sequence = 4 WHERE sequence = 2")


@breaks("requests_in_order_of_time")
def a_request_was_decided_before_it_was_made(history: Broken) -> None:
    requested_at = f"(SELECT requested_at FROM annulment_request WHERE id = {history.requests('rejected')[0]})"
    history.run(
        f"UPDATE annulment_decision SET decided_at = {requested_at} - interval '1 second' WHERE request_id = :r",
        r=history.requests("rejected")[0],
    )
    history.shift("rejected", "annulment_denied", requested_at)


@breaks("requests_in_order_of_time")
def an_issue_was_void_before_it_was_made(history: Broken) -> None:
    issuance_id = history.issuances("voided")[0]
    issued_at = f"(SELECT issued_at FROM issuance WHERE id = {issuance_id})"
    history.run(
        f"UPDATE issuance_void SET voided_at = {issued_at} - interval '1 second' WHERE issuance_id = {issuance_id}"
    )
    history.shift("voided", "voided", issued_at)


@breaks("asked_again_after_a_denial")
def a_reconsideration_was_asked_for_before_the_denial(history: Broken) -> None:
    denied, again = history.requests("reconsidering")
    asked_at = f"(SELECT requested_at FROM annulment_request WHERE id = {again})"
    history.run(
        f"UPDATE annulment_decision SET decided_at = {asked_at} + interval '1 second' WHERE request_id = {denied}"
    )
    history.shift("reconsidering", "annulment_denied", asked_at)


@breaks("reconsidered_in_time")
def a_reconsideration_was_asked_for_a_month_too_late(history: Broken) -> None:
    again = history.requests("reconsidering")[1]
    history.run("UPDATE annulment_request SET requested_at = requested_at + interval '40 days' WHERE id = :i", i=again)
    history.run(
        "UPDATE document SET created_at = created_at + interval '60 days' WHERE issuance_id = :i",
        i=history.issuances("reconsidering")[0],
    )
    history.shift("reconsidering", "reconsideration_requested", "at + interval '40 days'")
    history.shift("reconsidering", "document_stored", "at + interval '60 days'")


@breaks("decided_in_its_task")
def the_task_says_another_decision(history: Broken) -> None:
    history.run(
        """UPDATE human_task SET answers = answers || '{"granted": true}' WHERE form = 'annulment_decision'
        AND instance_id IN (SELECT id FROM process_instance WHERE certificate_id = :c)""",
        c=history.certificates["rejected"],
    )


@breaks("decided_in_its_task")
def the_task_says_somebody_else(history: Broken) -> None:
    history.run(
        """UPDATE human_task SET completed_by_id = (SELECT min(id) FROM person)
        WHERE form = 'retroactive_decision' AND status = 'completed'"""
    )


@breaks("undecided_requests_are_waited_for")
def the_case_of_a_request_is_gone(history: Broken) -> None:
    case = "(SELECT id FROM process_instance WHERE certificate_id = :c AND process_id = 'annulment')"
    history.run(f"DELETE FROM human_task WHERE instance_id = {case}", c=history.certificates["requested"])
    history.run(f"DELETE FROM process_instance WHERE id = {case}", c=history.certificates["requested"])


@breaks("approved_attendance_is_marked")
def the_mark_of_an_approved_request_names_one_that_was_denied(history: Broken) -> None:
    granted, denied = history.ids("SELECT id FROM retroactive_decision ORDER BY granted DESC")
    history.run(
        "UPDATE attendance_mark SET decision_id = :denied WHERE decision_id = :granted", denied=denied, granted=granted
    )
    # The recomputation that the mark asked for follows it, or it would be missed as well.
    history.run(
        "UPDATE effect SET identity = replace(identity, :before, :after) WHERE identity LIKE '%' || :before",
        before=f":retroactive:{granted}",
        after=f":retroactive:{denied}",
    )
