"""What can be compared: the world's facts as the model foretells them, in the shape in which `looking` reads the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.states import CertificateState
from tests.model.driver import Shown
from tests.model.people import EVERYBODY, Who
from tests.model.world import Course, Issue, World


@dataclass(frozen=True)
class RequestFacts:
    by: str | None
    granted: bool | None
    decided_by: str | None


@dataclass(frozen=True)
class IssueFacts:
    folio: str
    reference: str
    by: str | None
    voided: bool
    requests: tuple[RequestFacts, ...]


@dataclass(frozen=True)
class CourseFacts:
    """`tasks` in the order in which they were opened, each with who answered it; None waits."""

    state: CertificateState
    issues: tuple[IssueFacts, ...] = ()
    tasks: tuple[tuple[str, str | None], ...] = ()
    history: tuple[tuple[str, str | None, str], ...] = ()


@dataclass(frozen=True)
class Facts:
    """`effects` counts those asked for by kind; `claimed` the forms that did something."""

    courses: dict[str, CourseFacts]
    folios: dict[int, list[int]]
    effects: Counter[str]
    claimed: int


def foretold(world: World) -> Facts:
    return Facts(
        courses={course.code: _course(course) for course in world.courses},
        folios={year: list(range(1, last + 1)) for year, last in world.folios.items()},
        effects=_effects(world.courses),
        claimed=world.claimed,
    )


def shown(world: World, course: Course, who: Who) -> Shown | None:
    """What the handbook lets `who` do now, by the words of the portal."""
    if not who.sees(course.region):
        return None
    offered = {
        "Generar Certificado": who.provides and course.why_not_issue(world.now) is None,
        "Ver": bool(course.issues),
        "Solicitud de anulación certificado": who.provides and course.why_not_request(world.now) is None,
        "Ver la solicitud": any(issue.requests for issue in course.issues),
        "Descargar Asistencia Total": True,
    }
    return Shown(course.state.label, tuple(button for button, is_there in offered.items() if is_there))


def _course(course: Course) -> CourseFacts:
    return CourseFacts(
        course.state,
        tuple(map(_issue, course.issues)),
        tuple((task.key, task.by) for task in course.tasks),
        tuple(course.history),
    )


def _issue(issue: Issue) -> IssueFacts:
    requests = tuple(RequestFacts(one.by, one.granted, one.decided_by) for one in issue.requests)
    return IssueFacts(issue.folio, issue.reference, issue.by, issue.voided, requests)


def _effects(courses: Iterable[Course]) -> Counter[str]:
    """All that the courses' stories ask of the queue, each once: a PDF and a letter an issue, letters to all concerned."""
    asked: Counter[str] = Counter()
    for course in courses:
        directors = {who.name for who in EVERYBODY if who.decides and who.region == course.region}
        for issue in course.issues:
            asked.update(("documents/render", "certificate_issued"))
            for request in issue.requests:
                asked["request_received"] += len(directors | {request.by})
                asked["decision"] += request.granted is not None
    return +asked
