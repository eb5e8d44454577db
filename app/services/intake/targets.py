"""Where each kind of record is kept: the table, the columns that make a row the same one, and how both sides are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db import Model
from app.models import (
    AttendanceMark,
    ClassHeld,
    ClassInstructor,
    Organisation,
    Participant,
    Person,
    ProfileGrant,
    TrainingAction,
)
from app.services.intake import clashes, kinds, resolve, stored
from app.services.intake.clashes import Clash
from app.services.intake.staging import body
from app.services.intake.stored import Rows


@dataclass(frozen=True)
class Target:
    """`shown` gives stored rows as the file's fields; it is missing where the whole row is its key, so nothing can change.

    `actions_of` gives the action each stored row counts for now, when a correction can take it elsewhere. `clashes` are
    looked for before the merge and refuse their rows; `doubts` after it, and are told of rows that were taken.
    """

    model: type[Model]
    key: tuple[str, ...]
    resolve: Callable[[Table], resolve.Resolved]
    shown: Callable[[], Rows] | None = None
    prepare: Callable[[Session, Table], None] | None = None
    actions_of: Callable[[], Rows] | None = None
    clashes: tuple[Clash, ...] = ()
    doubts: tuple[Clash, ...] = ()

    @property
    def table(self) -> Table:
        table = self.model.__table__
        assert isinstance(table, Table)
        return table


def _hold_classes(session: Session, stage: Table) -> None:
    """A class is there once its first facilitator is: rows that will be refused hold none."""
    found = (
        select(TrainingAction.id, stage.c.class_id)
        .distinct()
        .join(TrainingAction, TrainingAction.code == stage.c.action_code)
        .join(Person, Person.rut_body == body(stage.c.instructor_rut))
    )
    session.execute(insert(ClassHeld).from_select(["action_id", "class_id"], found).on_conflict_do_nothing())


def _actions_of_marks() -> Rows:
    return select(AttendanceMark.id, Participant.action_id).join(
        Participant, Participant.id == AttendanceMark.participant_id
    )


TARGETS: Mapping[str, Target] = {
    kinds.ORGANISATIONS.name: Target(Organisation, ("rut_body",), resolve.organisations, stored.organisations),
    kinds.PEOPLE.name: Target(Person, ("rut_body",), resolve.people, stored.people),
    kinds.PROFILES.name: Target(ProfileGrant, ("person_id", "profile", "organisation_id", "region"), resolve.profiles),
    kinds.ACTIONS.name: Target(TrainingAction, ("code",), resolve.actions, stored.actions),
    kinds.PARTICIPANTS.name: Target(Participant, ("action_id", "person_id"), resolve.participants),
    kinds.CLASSES.name: Target(
        ClassInstructor, ("class_held_id", "person_id"), resolve.classes, stored.classes, prepare=_hold_classes
    ),
    kinds.MARKS.name: Target(
        AttendanceMark,
        ("mark_id",),
        resolve.marks,
        stored.marks,
        actions_of=_actions_of_marks,
        clashes=(
            Clash("mark_id", clashes.NOT_A_DEVICE_S, clashes.taken_by_a_decision),
            Clash("marked_at", clashes.EXIT_BEFORE_ENTRY, clashes.exits_before_entry),
        ),
        doubts=(Clash("marked_at", clashes.ENTRY_AFTER_EXIT, clashes.entries_after_exit),),
    ),
}
