"""One person credited with two courses at the same time: found for whoever looks, in either course."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import ClassHeld, Participant, Person
from app.services import conflicts, policies
from tests.factories import ClassHeldFactory, MarkFactory, ParticipantFactory, PersonFactory, TrainingActionFactory
from tests.support.queries import statements


def attends(person: Person, *, minutes_later: int = 0, exit: bool = True, validation: str = "valid") -> Participant:
    """Somebody in a course of their own, with one class of five hours that begins so much after 13:00 UTC."""
    participant: Participant = ParticipantFactory(person=person, action=TrainingActionFactory())
    held: ClassHeld = ClassHeldFactory(action=participant.action)
    (kept,) = held.instructors
    kept.started_at += timedelta(minutes=minutes_later)
    kept.ended_at = kept.started_at + timedelta(hours=5)
    for kind, at in (("in", kept.started_at), ("out", kept.ended_at))[: 1 + exit]:
        MarkFactory(participant=participant, class_held=held, kind=kind, marked_at=at, validation=validation)
    return participant


def test_time_in_two_courses_is_found_from_both(session: Session) -> None:
    person = PersonFactory()
    one, other = attends(person), attends(person, minutes_later=240)

    found = conflicts.found(session, [one.id, other.id])

    assert {own: [shared.action.code for shared in all_of_one] for own, all_of_one in found.items()} == {
        one.id: [other.action.code],
        other.id: [one.action.code],
    }
    (shared,) = found[one.id]
    assert shared.time.length == timedelta(hours=1)


@pytest.mark.parametrize(
    "other",
    [{"minutes_later": 300}, {"minutes_later": 60, "exit": False}, {"validation": "rejected"}],
    ids=["right after", "with nothing credited", "with a fingerprint that is not theirs"],
)
def test_who_is_credited_with_one_of_them_only_is_not(session: Session, other: dict[str, int]) -> None:
    person = PersonFactory()
    one = attends(person)
    attends(person, **other)  # type: ignore[arg-type]

    assert conflicts.found(session, [one.id]) == {}


def test_two_people_at_the_same_time_are_no_conflict(session: Session) -> None:
    one, other = attends(PersonFactory()), attends(PersonFactory())

    assert conflicts.found(session, [one.id, other.id]) == {}


def test_a_fingerprint_still_to_be_validated_is_told_too(session: Session) -> None:
    person = PersonFactory()
    one, _ = attends(person), attends(person, validation="pending")

    assert list(conflicts.found(session, [one.id])) == [one.id]


def test_more_people_are_no_more_queries(session: Session) -> None:
    def pair() -> int:
        person = PersonFactory()
        one, _ = attends(person), attends(person)
        return one.id

    few = [pair()]
    session.expunge_all()
    # Known once a transaction.
    policies.timetable(session)
    with statements(session) as asked_for_few:
        conflicts.found(session, few)
    many = [*few, pair(), pair()]
    session.expunge_all()
    with statements(session) as asked_for_many:
        assert len(conflicts.found(session, many)) == 3

    assert len(asked_for_many) == len(asked_for_few)
