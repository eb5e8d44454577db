"""The demo's courses: each is made from its number and the seed alone, so that asking for more of them changes none."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from app.demo import staff
from app.demo.accounts import PARTICIPANT
from app.demo.days import class_days, last_change_of_hour, new_year_before
from app.demo.endings import Ending, ending_of
from app.demo.institutions import COMPANIES, OTECS, OTIC
from app.demo.people import SyntheticPerson, person
from app.demo.places import COMMUNES, REGIONS
from app.demo.subjects import SUBJECTS
from app.domain.regions import Region, zone_of
from app.domain.terms import ActionStatus, Activity, Line, Modality

# The course of the README's story: over, and waiting for its certificate.
STORY_CODE = "6731120"
STORY_SENCE_CODE = "1238012345"
STORY_ENDED = timedelta(days=3)

NIGHT_CLASS, AUTUMN_CHANGE, SPRING_CHANGE, PARTIAL, COMPLEMENTARY, OPEN_CLASS = 2, 1, 6, 3, 4, 7


@dataclass(frozen=True)
class Course:
    """One action with its people and the days its classes were held on; `minutes` is the length of one class."""

    index: int
    ending: Ending
    code: str
    sence_code: str
    name: str
    line: Line
    region: Region
    commune: str
    modality: Modality
    otec_rut: str
    otic_rut: str
    company_rut: str
    ends_on: date
    days: tuple[date, ...]
    starts_at_minute: int
    minutes: int
    credited_hours: int
    people: tuple[SyntheticPerson, ...]
    instructors: tuple[str, ...]
    activity: Activity = Activity.NORMAL
    partial_hours: int | None = None
    is_last_class_open: bool = False

    @property
    def participants(self) -> tuple[str, ...]:
        """Their RUTs; whoever signs in as a participant takes the course of the story."""
        drawn = tuple(someone.rut for someone in self.people)
        return (PARTICIPANT.account.rut, *drawn) if self.index == 0 else drawn

    @property
    def zone(self) -> str:
        return zone_of(self.region, self.commune)

    @property
    def status(self) -> ActionStatus:
        return _STATUSES.get(self.ending, ActionStatus.AUTHORISED)


_STATUSES = {
    Ending.RUNNING: ActionStatus.ENTERED,
    Ending.LIQUIDATED: ActionStatus.LIQUIDATED,
    Ending.CANCELLED: ActionStatus.CANCELLED,
    Ending.OVERDUE: ActionStatus.PRE_LIQUIDATED,
}


def course(seed: int, index: int, today: date) -> Course:
    """The course of that number as seen from `today`."""
    return _shift(_plain(Random(f"{seed}:course:{index}"), seed, index, today), index, today)


def _plain(random: Random, seed: int, index: int, today: date) -> Course:
    ending = ending_of(index)
    line = _line(index)
    region = REGIONS[index % 2 if index < len(_STORY_OTECS) else index % len(REGIONS)]
    name, sence_code = (SUBJECTS[0][0], STORY_SENCE_CODE) if index == 0 else random.choice(SUBJECTS)
    hours_a_class, count = random.choice((3, 4, 5)), random.randint(4, 10)
    ends_on = today - (STORY_ENDED if index == 0 else timedelta(days=random.randint(*ending.ended)))
    otec = _STORY_OTECS[index] if index < len(_STORY_OTECS) else index % len(OTECS)
    return Course(
        index=index,
        ending=ending,
        code=_code(line, index),
        sence_code="" if line is Line.SOCIAL_PROGRAMMES else sence_code,
        name=name,
        line=line,
        region=region,
        commune=COMMUNES[region][0] if index == 0 else random.choice(COMMUNES[region]),
        modality=Modality.CLASSROOM if index < 12 else random.choice(_MODALITIES),
        otec_rut=OTECS[otec].rut,
        otic_rut=OTIC.rut if line is Line.TAX_FRANCHISE and index % 4 != 3 else "",
        company_rut="" if line is Line.SOCIAL_PROGRAMMES else random.choice(COMPANIES).rut,
        ends_on=ends_on,
        days=class_days(ends_on, count),
        starts_at_minute=random.choice((8 * 60 + 30, 9 * 60, 14 * 60, 18 * 60 + 30)),
        minutes=hours_a_class * 60,
        credited_hours=hours_a_class * count,
        people=tuple(person(seed, number) for number in _participants(random, index)),
        instructors=staff.instructors_of(seed, otec, index),
    )


def _shift(plain: Course, index: int, today: date) -> Course:
    """The same course with what makes it worth looking at."""
    count, yesterday = len(plain.days), today - timedelta(days=1)
    if plain.ending is Ending.RUNNING:
        hours = plain.credited_hours + 4 * plain.minutes // 60
        is_open = index == OPEN_CLASS
        return replace(plain, days=class_days(yesterday, count), credited_hours=hours, is_last_class_open=is_open)
    if index == NIGHT_CLASS:
        return replace(plain, starts_at_minute=22 * 60, minutes=4 * 60, credited_hours=4 * count)
    if index in (AUTUMN_CHANGE, SPRING_CHANGE):
        changed_on = last_change_of_hour(today, to_summer=index == SPRING_CHANGE)
        eve = class_days(changed_on - timedelta(days=1), count)
        return replace(
            plain, ends_on=changed_on, days=eve, starts_at_minute=21 * 60, minutes=5 * 60, credited_hours=5 * count
        )
    if index in (PARTIAL, COMPLEMENTARY):
        return _half(plain, today, Activity.PARTIAL if index == PARTIAL else Activity.COMPLEMENTARY)
    return plain


def _half(plain: Course, today: date, activity: Activity) -> Course:
    """One half of a course that crossed the year: its classes are those of its own year."""
    new_year = new_year_before(today)
    half = plain.credited_hours
    ends_on = new_year - timedelta(days=4) if activity is Activity.PARTIAL else new_year + timedelta(days=24)
    return replace(
        plain,
        activity=activity,
        ends_on=ends_on,
        days=class_days(ends_on, len(plain.days)),
        credited_hours=half * 2,
        partial_hours=half,
    )


def _participants(random: Random, index: int) -> list[int]:
    # Neighbouring courses draw from overlapping people, so that some have taken several.
    return sorted(random.sample(range(index * 11, index * 11 + 45), random.randint(5, 29)))


def _line(index: int) -> Line:
    if index < len(_STORY_OTECS):
        return Line.TAX_FRANCHISE
    return {5: Line.SOCIAL_PROGRAMMES, 7: Line.WORKPLACE_TRAINING}.get(index % 9, Line.TAX_FRANCHISE)


def _code(line: Line, index: int) -> str:
    if line is Line.SOCIAL_PROGRAMMES:
        return f"RLAB-26-{index % 16 + 1:02d}-08-{index:04d}-1"
    if line is Line.WORKPLACE_TRAINING:
        return str(48_000 + index)
    return str(int(STORY_CODE) + index)


# The first courses belong to the institutions people sign in for, in the two regions that have a director's account.
_STORY_OTECS = (0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0)
_MODALITIES = (
    *(Modality.CLASSROOM,) * 5,
    Modality.ELEARNING_SYNC,
    Modality.ELEARNING_ASYNC,
    Modality.DISTANCE,
)
