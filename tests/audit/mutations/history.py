"""The thread of events broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()

OF_STORY = "WHERE certificate_id = :c AND kind = :kind"


@breaks("facts_have_events")
def a_decision_left_no_event(history: Broken) -> None:
    history.run(f"DELETE FROM history_event {OF_STORY}", c=history.certificates["rejected"], kind="annulment_denied")


@breaks("events_have_facts")
def an_event_tells_of_a_void_that_never_was(history: Broken) -> None:
    history.run(
        """INSERT INTO history_event (certificate_id, kind, at, actor_id, data)
        SELECT :c, 'voided', now(), min(id), '{}' FROM person""",
        c=history.certificates["issued"],
    )


@breaks("events_tell_who_and_when")
def an_event_names_somebody_else(history: Broken) -> None:
    history.run(
        f"UPDATE history_event SET actor_id = (SELECT min(id) FROM person) {OF_STORY}",
        c=history.certificates["issued"],
        kind="issued",
    )


@breaks("events_tell_who_and_when")
def an_event_names_another_folio(history: Broken) -> None:
    history.run(
        f"""UPDATE history_event SET data = '{{"folio": "99-1999"}}' {OF_STORY}""",
        c=history.certificates["issued"],
        kind="issued",
    )


@breaks("events_tell_who_and_when")
def an_event_is_of_another_day(history: Broken) -> None:
    history.shift("issued", "issued", "at - interval '1 day'")


@breaks("history_in_order_of_time")
def two_events_changed_places(history: Broken) -> None:
    first, second = history.ids(
        # Not the issue, with which a case began.
        "SELECT id FROM history_event WHERE certificate_id = :c AND kind <> 'issued' ORDER BY id LIMIT 2",
        c=history.certificates["rejected"],
    )
    for before, after in ((first, 0), (second, first), (0, second)):
        history.run("UPDATE history_event SET id = :after WHERE id = :before", before=before, after=after)
