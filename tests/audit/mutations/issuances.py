"""Issues of a certificate broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


@breaks("issuances_numbered")
def the_second_issue_became_the_third(history: Broken) -> None:
    history.run("UPDATE issuance SET sequence = 3 WHERE id = :i", i=history.issuances("reissued")[1])


@breaks("one_valid_issuance")
def the_void_between_two_issues_was_deleted(history: Broken) -> None:
    history.run("DELETE FROM issuance_void WHERE issuance_id = :i", i=history.issuances("reissued_after_void")[0])
    history.run(
        "DELETE FROM history_event WHERE kind = 'voided' AND certificate_id = :c",
        c=history.certificates["reissued_after_void"],
    )


@breaks("reissue_after_annulment")
def the_void_is_dated_after_the_second_issue(history: Broken) -> None:
    first, second = history.issuances("reissued_after_void")
    issued_at = f"(SELECT issued_at FROM issuance WHERE id = {second})"
    history.run(f"UPDATE issuance_void SET voided_at = {issued_at} + interval '1 second' WHERE issuance_id = {first}")
    history.shift("reissued_after_void", "voided", issued_at)


@breaks("issued_after_course_ended")
def the_course_ended_after_the_issue(history: Broken) -> None:
    history.reprint(history.issuances("issued")[0], ends_on="2199-12-31")


@breaks("issuance_was_accepted")
def somebody_else_accepted(history: Broken) -> None:
    history.run(
        """UPDATE human_task SET completed_by_id = (SELECT min(id) FROM person) WHERE form = 'accept_issuance'
        AND status = 'completed' AND instance_id = (SELECT min(id) FROM process_instance WHERE certificate_id = :c)""",
        c=history.certificates["issued"],
    )


@breaks("issuance_was_accepted")
def something_else_was_accepted(history: Broken) -> None:
    history.run(
        """UPDATE human_task SET answers = answers || '{"content_sha256": "0"}' WHERE form = 'accept_issuance'
        AND status = 'completed' AND instance_id = (SELECT min(id) FROM process_instance WHERE certificate_id = :c)""",
        c=history.certificates["issued"],
    )


@breaks("states_derived_alike")
def a_denied_request_came_back_with_a_later_number_than_its_reconsideration(history: Broken) -> None:
    denied = history.requests("reconsidering")[0]
    history.run("UPDATE annulment_request SET id = 1000000 WHERE id = :i", i=denied)
    history.run("UPDATE annulment_decision SET request_id = 1000000 WHERE request_id = :i", i=denied)
    history.run(
        "UPDATE effect SET identity = replace(identity, :before, 'annulment_request:1000000/') WHERE kind = 'mail/send'",
        before=f"annulment_request:{denied}/",
    )
