"""Stored rows shown under the field names of their file: what a correction keeps as `before`."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.models import (
    AttendanceMark,
    ClassHeld,
    ClassInstructor,
    Organisation,
    Participant,
    Person,
    TrainingAction,
)
from app.services.intake.staging import wire

Rows = Select[*tuple[Any, ...]]


def organisations() -> Rows:
    return select(
        Organisation.id,
        wire(Organisation.rut_body, Organisation.check_digit).label("rut"),
        Organisation.name,
        Organisation.kind,
    )


def people() -> Rows:
    return select(
        Person.id,
        wire(Person.rut_body, Person.check_digit).label("rut"),
        Person.given_names,
        Person.first_surname,
        Person.second_surname,
        Person.email,
    )


def actions() -> Rows:
    otec, otic, company = aliased(Organisation), aliased(Organisation), aliased(Organisation)
    named = {"otec_id", "otic_id", "company_id"}
    own = [column for column in TrainingAction.__table__.c if column.name not in named]
    return (
        select(
            *own,
            wire(otec.rut_body, otec.check_digit).label("otec_rut"),
            wire(otic.rut_body, otic.check_digit).label("otic_rut"),
            wire(company.rut_body, company.check_digit).label("company_rut"),
        )
        .select_from(TrainingAction)
        .join(otec, otec.id == TrainingAction.otec_id)
        .outerjoin(otic, otic.id == TrainingAction.otic_id)
        .outerjoin(company, company.id == TrainingAction.company_id)
    )


def classes() -> Rows:
    return (
        select(
            ClassInstructor.id,
            TrainingAction.code.label("action_code"),
            ClassHeld.class_id,
            wire(Person.rut_body, Person.check_digit).label("instructor_rut"),
            ClassInstructor.instructor_entry_at,
            ClassInstructor.started_at,
            ClassInstructor.ended_at,
        )
        .join(ClassHeld, ClassHeld.id == ClassInstructor.class_held_id)
        .join(TrainingAction, TrainingAction.id == ClassHeld.action_id)
        .join(Person, Person.id == ClassInstructor.person_id)
    )


def marks() -> Rows:
    return (
        select(
            AttendanceMark.id,
            AttendanceMark.mark_id,
            TrainingAction.code.label("action_code"),
            ClassHeld.class_id,
            wire(Person.rut_body, Person.check_digit).label("rut"),
            AttendanceMark.kind,
            AttendanceMark.marked_at,
            AttendanceMark.validation,
            AttendanceMark.device_id,
        )
        .join(ClassHeld, ClassHeld.id == AttendanceMark.class_held_id)
        .join(TrainingAction, TrainingAction.id == ClassHeld.action_id)
        .join(Participant, Participant.id == AttendanceMark.participant_id)
        .join(Person, Person.id == Participant.person_id)
    )
