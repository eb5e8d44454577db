"""RUTs wrong, or where none belongs."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()

ELSEWHERE = "no_ruts_elsewhere"


@breaks("ruts_are_valid")
def a_facilitator_has_a_wrong_digit(history: Broken) -> None:
    history.run(
        """UPDATE person SET check_digit = CASE check_digit WHEN '1' THEN '2' ELSE '1' END
        WHERE id = (SELECT min(person_id) FROM class_instructor)"""
    )


@breaks(ELSEWHERE)
def one_is_in_the_history(history: Broken) -> None:
    history.run(
        """UPDATE history_event SET data = data || '{"participant": "12.345.678-5"}'
        WHERE id = (SELECT min(id) FROM history_event)"""
    )


@breaks(ELSEWHERE)
def one_is_in_an_effect(history: Broken) -> None:
    history.run(
        """UPDATE effect SET payload = payload || '{"about": "1000005-K"}'
        WHERE id = (SELECT min(id) FROM effect)"""
    )


@breaks(ELSEWHERE)
def one_is_in_an_incident(history: Broken) -> None:
    history.run("UPDATE incident SET detail = detail || ' (11.111.111-1)'")


@breaks(ELSEWHERE)
def one_is_in_the_state_of_a_case(history: Broken) -> None:
    history.run(
        """UPDATE process_instance SET state = state || '{"data": {"rut": "12345678-5"}}'
        WHERE id = (SELECT min(id) FROM process_instance WHERE status = 'completed')"""
    )
