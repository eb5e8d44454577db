"""What approvals are made of: for each client an institution with its courses, who acts for it and who decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.domain.regions import Region
from app.domain.rut import Rut
from app.models import Organisation, Person, ProfileGrant
from app.services import accounts

CUS = "constancia-de-prueba"
FIRST_RUT, FIRST_PARTICIPANT, FIRST_CODE = 30_000_000, 40_000_000, 7_000_000
# The demo's average course.
PARTICIPANTS, CLASSES, HOURS_A_CLASS = 17, 7, 4
MOST_CLIENTS = len(Region)


@dataclass(frozen=True)
class Pair:
    """One client: who issues and asks for an institution, and who decides for its region. Both sign in with CUS."""

    number: int
    provider: Rut
    director: Rut
    institution: int

    def courses(self, indices: Iterable[int]) -> list[str]:
        """Codes of its own courses, numbered from 0."""
        return [str(FIRST_CODE + self.number + MOST_CLIENTS * index) for index in indices]


def pair(number: int) -> Pair:
    first = FIRST_RUT + 10 * number
    return Pair(number, Rut.from_body(first), Rut.from_body(first + 1), first + 2)


def load(session: Session, courses: Sequence[int]) -> None:
    """For each client so many courses, finished and fully attended, in a region of its own; the caller commits."""
    numbering = {"first": FIRST_CODE, "step": MOST_CLIENTS}
    for number, (region, how_many) in enumerate(zip(Region, courses, strict=False)):
        two = pair(number)
        _people(session, two, region)
        place = {"otec": two.institution, "region": region.value, "zone": region.zone}
        session.execute(text(COURSES), {**numbering, **place, "number": number, "each": how_many})
    _participants(session, sum(courses))
    for statement in (ENROLLED, HELD, INSTRUCTED, MARKED, COMPUTED):
        session.execute(text(statement), SIZES)


def _participants(session: Session, courses: int) -> None:
    """Two courses for each, one after the other; the last one is the facilitator of all."""
    ruts = map(
        Rut.from_body, range(FIRST_PARTICIPANT, FIRST_PARTICIPANT + (courses // 2 + MOST_CLIENTS) * PARTICIPANTS)
    )
    rows = [
        {
            "rut_body": rut.body,
            "check_digit": rut.check_digit,
            "given_names": f"Participante {n}",
            "first_surname": f"Apellido {n % 97}",
            "second_surname": "De Prueba",
            "email": "",
        }
        for n, rut in enumerate(ruts)
    ]
    session.execute(insert(Person), rows)


def _people(session: Session, two: Pair, region: Region) -> None:
    institution = Rut.from_body(two.institution)
    otec = Organisation(
        rut_body=institution.body, check_digit=institution.check_digit, name=f"Instituto {region.label}", kind="otec"
    )
    provider, director = (
        Person(
            rut_body=rut.body,
            check_digit=rut.check_digit,
            given_names=name,
            first_surname="De Prueba",
            email=f"{rut.body}@constancia.invalid",
        )
        for rut, name in ((two.provider, "Capacitadora"), (two.director, "Directora"))
    )
    session.add_all(
        [
            ProfileGrant(person=provider, profile=Profile.PROVIDER_NATIONAL_ADMIN, organisation=otec),
            ProfileGrant(person=director, profile=Profile.REGIONAL_DIRECTOR, region=region.value),
        ]
    )
    session.flush()
    for rut in (two.provider, two.director):
        accounts.set_cus(session, rut=rut, cus=CUS)


SIZES = {
    "participants": PARTICIPANTS,
    "classes": CLASSES,
    "hours": HOURS_A_CLASS,
    "first_participant": FIRST_PARTICIPANT,
}
COURSES = f"""
INSERT INTO training_action (code, sence_code, name, line, activity, region, commune, time_zone, starts_on, ends_on,
                             credited_hours, modality, status, otec_id)
SELECT :first + :number + :step * n, '1238012345', 'Manipulación segura de alimentos', '3', 'normal', :region, 'Centro',
       :zone, began, began + {CLASSES}, {CLASSES * HOURS_A_CLASS}, 'presencial', 'authorised', organisation.id
FROM generate_series(0, :each - 1) AS n, LATERAL (SELECT current_date - 40 + 10 * (n % 2) AS began) AS day, organisation
WHERE rut_body = :otec
"""  # noqa: S608
ENROLLED = """
INSERT INTO participant (action_id, person_id)
SELECT course.id, person.id
FROM (SELECT id, dense_rank() OVER (ORDER BY otec_id, couple) - 1 AS class
      FROM (SELECT id, otec_id, (row_number() OVER (PARTITION BY otec_id ORDER BY id) - 1) / 2 AS couple
            FROM training_action) AS courses) AS course,
     generate_series(0, :participants - 1) AS n, person
WHERE person.rut_body = :first_participant + course.class * :participants + n
"""
HELD = """
INSERT INTO class_held (action_id, class_id)
SELECT training_action.id, 'clase-' || n FROM training_action, generate_series(1, :classes) AS n
"""
INSTRUCTED = """
INSERT INTO class_instructor (class_held_id, person_id, instructor_entry_at, started_at, ended_at)
SELECT class_held.id, (SELECT max(id) FROM person), began, began, began + make_interval(hours => :hours)
FROM class_held JOIN training_action ON training_action.id = action_id,
     LATERAL (SELECT (starts_on + substr(class_id, 7)::int + time '12:00') AT TIME ZONE 'UTC' AS began) AS day
"""
MARKED = """
INSERT INTO attendance_mark (mark_id, participant_id, class_held_id, kind, marked_at, validation, device_id)
SELECT participant.id || '-' || class_held.id || '-' || kind, participant.id, class_held.id, kind,
       CASE kind WHEN 'in' THEN started_at ELSE ended_at END, 'valid', 'lector-1'
FROM participant JOIN class_held USING (action_id) JOIN class_instructor ON class_held_id = class_held.id,
     (VALUES ('in'), ('out')) AS kinds (kind)
"""
COMPUTED = """
INSERT INTO attendance_result (participant_id, action_id, policy_id, required_seconds, credited_seconds,
                               provisional_seconds, flags, computed_at)
SELECT id, action_id, 'GCA-1', :classes * :hours * 3600, :classes * :hours * 3600, :classes * :hours * 3600, '[]', now()
FROM participant
"""
