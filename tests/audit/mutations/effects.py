"""The outbox broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()


@breaks("facts_have_effects")
def the_rendering_of_a_pdf_was_never_asked_for(history: Broken) -> None:
    history.run("DELETE FROM effect WHERE identity = :i", i=f"documents/render:{history.issuances('issued')[0]}")


@breaks("facts_have_effects")
def the_mail_about_a_decision_was_never_asked_for(history: Broken) -> None:
    history.run(
        "DELETE FROM effect WHERE identity LIKE :i",
        i=f"mail/decision/annulment\\_request:{history.requests('rejected')[0]}/%",
    )


@breaks("effects_have_a_subject")
def a_recomputation_is_of_no_course(history: Broken) -> None:
    history.run(
        """UPDATE effect SET payload = '{"action_id": 0}'
        WHERE id = (SELECT min(id) FROM effect WHERE kind = 'attendance/recompute' AND done_at IS NOT NULL)"""
    )


@breaks("effects_count_their_tries")
def one_was_tried_seven_times(history: Broken) -> None:
    history.run("UPDATE effect SET attempts = 7 WHERE id = (SELECT min(id) FROM effect)")


@breaks("effects_count_their_tries")
def one_is_in_a_queue_that_nobody_hears(history: Broken) -> None:
    history.run("UPDATE effect SET queue = 'documentos' WHERE id = (SELECT min(id) FROM effect)")


@breaks("effects_not_overdue")
def one_waits_since_yesterday(history: Broken) -> None:
    history.run(
        """UPDATE effect SET done_at = NULL, due_at = now() - interval '1 day'
        WHERE id = (SELECT min(id) FROM effect WHERE kind = 'mail/send')"""
    )


@breaks("given_up_effects_have_incident")
def an_incident_was_deleted(history: Broken) -> None:
    history.run("DELETE FROM incident")


@breaks("open_incidents_have_their_effect_given_up")
def the_effect_was_done_and_the_incident_stayed_open(history: Broken) -> None:
    history.run("UPDATE effect SET gave_up_at = NULL, done_at = now(), last_error = NULL WHERE gave_up_at IS NOT NULL")
