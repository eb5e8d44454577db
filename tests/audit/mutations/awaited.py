"""What cases wait for besides people, broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()

WAITING = "(SELECT min(id) FROM awaited_event WHERE status = 'waiting' AND kind = 'timer')"


@breaks("awaited_terms_come_in_time")
def a_term_was_over_yesterday(history: Broken) -> None:
    history.run(f"UPDATE awaited_event SET due_at = now() - interval '1 day' WHERE id = {WAITING}")


@breaks("awaited_happens_by_its_effect")
def what_made_it_happen_is_gone(history: Broken) -> None:
    history.run("DELETE FROM effect WHERE kind = 'cases/happen'")


@breaks("awaited_happens_by_its_effect")
def it_is_about_to_happen_and_nobody_was_asked(history: Broken) -> None:
    history.run(f"UPDATE awaited_event SET status = 'asked' WHERE id = {WAITING}")


@breaks("facts_reach_who_waits")
def a_case_has_waited_since_before_a_fact_that_came(history: Broken) -> None:
    history.run("UPDATE awaited_event SET opened_at = now() - interval '30 days' WHERE kind = 'message'")


@breaks("cases_begun_by_their_fact")
def a_case_was_begun_by_a_fact_of_another_kind(history: Broken) -> None:
    history.run(
        """UPDATE process_instance AS p SET begun_by_event_id = h.id FROM history_event AS h
        WHERE h.certificate_id = p.certificate_id AND h.kind = 'annulment_denied' AND p.process_id = 'follow_up'"""
    )


@breaks("cases_begun_by_their_fact")
def a_case_was_begun_by_a_fact_about_another_certificate(history: Broken) -> None:
    history.run(
        """UPDATE process_instance SET begun_by_event_id = (
            SELECT max(id) FROM history_event WHERE kind = 'issued' AND certificate_id = :other)
        WHERE process_id = 'follow_up' AND certificate_id = :c""",
        c=history.certificates["last"],
        other=history.certificates["reissued"],
    )


@breaks("awaited_events_are_the_engines")
def an_event_is_another_one_than_the_engines(history: Broken) -> None:
    history.run(f"UPDATE awaited_event SET engine_task_id = gen_random_uuid()::text WHERE id = {WAITING}")
