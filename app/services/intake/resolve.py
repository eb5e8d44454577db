"""How staged rows find the rows they refer to, and what is wrong when they do not; one function per kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, FromClause, SQLColumnExpression, Table, and_, literal
from sqlalchemy.orm import aliased

from app.domain.terms import OrganisationKind
from app.models import ClassHeld, Organisation, Participant, Person, TrainingAction
from app.services.intake.staging import ROW, body, check_digit

NO_ACTION = literal(None, BigInteger)
NOT_AN_ACTION = "No hay una acción con ese código. Cárguela antes, en actions.csv."
NOT_A_PERSON = "No hay una persona con ese RUT. Cárguela antes, en people.csv."
NOT_A_PARTICIPANT = "Esa persona no es participante de la acción. Agréguela antes en participants.csv."
NOT_A_CLASS = "Esa clase no existe en la acción. Cárguela antes, en classes.csv."
NOT_AN_ORGANISATION = "No hay una institución con ese RUT. Cárguela antes, en organisations.csv."
NOT_AN_OTEC = "No hay una OTEC con ese RUT. Cárguela antes, en organisations.csv, con kind otec."
NOT_AN_OTIC = "No hay una OTIC con ese RUT. Cárguela antes, en organisations.csv, con kind otic."


@dataclass(frozen=True)
class Problem:
    """A row is refused for `field` when `holds`; the first problem that holds is the one told."""

    field: str
    sentence: str
    holds: SQLColumnExpression[bool]


@dataclass(frozen=True)
class Resolved:
    """Staged rows (`source`) with the `columns` of the table they go to."""

    source: FromClause
    natural_key: SQLColumnExpression[str]
    columns: Mapping[str, SQLColumnExpression[Any]]
    problems: tuple[Problem, ...] = ()
    action_id: SQLColumnExpression[int] = NO_ACTION


def organisations(stage: Table) -> Resolved:
    row = stage.c
    return Resolved(stage, row.rut, {**_rut(stage), "name": row.name, "kind": row.kind})


def people(stage: Table) -> Resolved:
    copied = ("given_names", "first_surname", "second_surname", "email")
    return Resolved(stage, stage.c.rut, {**_rut(stage), **{name: stage.c[name] for name in copied}})


def profiles(stage: Table) -> Resolved:
    row = stage.c
    source = stage.outerjoin(Person, Person.rut_body == body(row.rut)).outerjoin(
        Organisation, Organisation.rut_body == body(row.organisation_rut)
    )
    return Resolved(
        source,
        row.rut,
        {"person_id": Person.id, "profile": row.profile, "organisation_id": Organisation.id, "region": row.region},
        (
            Problem("rut", NOT_A_PERSON, Person.id.is_(None)),
            Problem("organisation_rut", NOT_AN_ORGANISATION, _dangling(row.organisation_rut, Organisation.id)),
        ),
    )


def actions(stage: Table) -> Resolved:
    row = stage.c
    otec, otic, company = aliased(Organisation), aliased(Organisation), aliased(Organisation)
    source = (
        stage.outerjoin(otec, and_(otec.rut_body == body(row.otec_rut), otec.kind == OrganisationKind.OTEC))
        .outerjoin(otic, and_(otic.rut_body == body(row.otic_rut), otic.kind == OrganisationKind.OTIC))
        .outerjoin(company, company.rut_body == body(row.company_rut))
        .outerjoin(TrainingAction, TrainingAction.code == row.code)
    )
    elsewhere = {ROW, "otec_rut", "otic_rut", "company_rut"}
    copied = {column.name: column for column in stage.c if column.name not in elsewhere}
    return Resolved(
        source,
        row.code,
        {**copied, "otec_id": otec.id, "otic_id": otic.id, "company_id": company.id},
        (
            Problem("otec_rut", NOT_AN_OTEC, otec.id.is_(None)),
            Problem("otic_rut", NOT_AN_OTIC, _dangling(row.otic_rut, otic.id)),
            Problem("company_rut", NOT_AN_ORGANISATION, _dangling(row.company_rut, company.id)),
        ),
        TrainingAction.id,
    )


def participants(stage: Table) -> Resolved:
    row = stage.c
    source = stage.outerjoin(TrainingAction, TrainingAction.code == row.action_code).outerjoin(
        Person, Person.rut_body == body(row.rut)
    )
    return Resolved(
        source,
        row.action_code.concat("/").concat(row.rut),
        {"action_id": TrainingAction.id, "person_id": Person.id},
        (
            Problem("action_code", NOT_AN_ACTION, TrainingAction.id.is_(None)),
            Problem("rut", NOT_A_PERSON, Person.id.is_(None)),
        ),
        TrainingAction.id,
    )


def classes(stage: Table) -> Resolved:
    """The classes themselves are there already: `app.services.intake.classes` holds them first."""
    row = stage.c
    source = (
        stage.outerjoin(TrainingAction, TrainingAction.code == row.action_code)
        .outerjoin(Person, Person.rut_body == body(row.instructor_rut))
        .outerjoin(ClassHeld, and_(ClassHeld.action_id == TrainingAction.id, ClassHeld.class_id == row.class_id))
    )
    copied = ("instructor_entry_at", "started_at", "ended_at")
    return Resolved(
        source,
        row.action_code.concat("/").concat(row.class_id).concat("/").concat(row.instructor_rut),
        {"class_held_id": ClassHeld.id, "person_id": Person.id, **{name: row[name] for name in copied}},
        (
            Problem("action_code", NOT_AN_ACTION, TrainingAction.id.is_(None)),
            Problem("instructor_rut", NOT_A_PERSON, Person.id.is_(None)),
        ),
        TrainingAction.id,
    )


def marks(stage: Table) -> Resolved:
    row = stage.c
    source = (
        stage.outerjoin(TrainingAction, TrainingAction.code == row.action_code)
        .outerjoin(Person, Person.rut_body == body(row.rut))
        .outerjoin(Participant, and_(Participant.action_id == TrainingAction.id, Participant.person_id == Person.id))
        .outerjoin(ClassHeld, and_(ClassHeld.action_id == TrainingAction.id, ClassHeld.class_id == row.class_id))
    )
    copied = ("mark_id", "kind", "marked_at", "validation", "device_id")
    return Resolved(
        source,
        row.mark_id,
        {"participant_id": Participant.id, "class_held_id": ClassHeld.id, **{name: row[name] for name in copied}},
        (
            Problem("action_code", NOT_AN_ACTION, TrainingAction.id.is_(None)),
            Problem("class_id", NOT_A_CLASS, ClassHeld.id.is_(None)),
            Problem("rut", NOT_A_PERSON, Person.id.is_(None)),
            Problem("rut", NOT_A_PARTICIPANT, Participant.id.is_(None)),
        ),
        TrainingAction.id,
    )


def _rut(stage: Table) -> dict[str, SQLColumnExpression[Any]]:
    return {"rut_body": body(stage.c.rut), "check_digit": check_digit(stage.c.rut)}


def _dangling(reference: SQLColumnExpression[Any], found: SQLColumnExpression[Any]) -> SQLColumnExpression[bool]:
    return and_(reference.is_not(None), found.is_(None))
