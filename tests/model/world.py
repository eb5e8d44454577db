"""The model: courses and a clock. It foretells the answer to whatever is tried, and what is so afterwards."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.domain.states import CertificateState as State
from app.domain.terms import ActionStatus
from tests.model.driver import Form, Kind
from tests.model.handbook import FIRST_INSTANT, LAST_DAY, TABLE, Event, Why, day_of, reconsideration_ends
from tests.model.people import DECISIONS, SENCE, Verb, Who, full_name

TASKS = {Verb.ENTER: "enter_document_reference", Verb.ACCEPT: "accept_issuance", Verb.REQUEST: "request_annulment"}
TASKS |= dict.fromkeys(DECISIONS, "decide_annulment")
WAY_TO = {
    Event.ISSUE: (Verb.ENTER, Verb.ACCEPT),
    Event.REQUEST: (Verb.REQUEST,),
    Event.GRANT: (Verb.GRANT,),
    Event.DENY: (Verb.DENY,),
}
EVENT_OF = {verbs[-1]: event for event, verbs in WAY_TO.items()}
CORRECTED, ACCEPTED = "volvió a corregir antes de emitir", "aceptó emitir el certificado"
DECIDED = {Verb.GRANT: "aprobó la anulación", Verb.DENY: "rechazó la anulación"}


@dataclass(frozen=True)
class Expected:
    """`words` are all to be in the sentence that is told."""

    kind: Kind
    why: Why | None = None
    words: tuple[str, ...] = ()


DONE, NOBODYS, FIRST_THE_REFERENCE = Expected(Kind.DONE), Expected(Kind.DENIED), Expected(Kind.NOT_YET)


def unless(why: Why | None, *words: str) -> Expected:
    return Expected(Kind.REFUSED, why, (why.value, *words)) if why else DONE


@dataclass
class Task:
    """`told` is what who comes second reads once it is answered."""

    key: str
    by: str | None = None
    told: str = ""


@dataclass
class Request:
    by: str
    granted: bool | None = None
    decided_by: str | None = None
    decided_at: datetime = FIRST_INSTANT


@dataclass
class Issue:
    folio: str
    reference: str
    by: str
    voided: bool = False
    requests: list[Request] = field(default_factory=list)


@dataclass
class Course:
    """`reference` is the one of the issue under way; `renamed` counts the changes of what would be printed."""

    code: str
    region: str
    ends_on: date
    status: ActionStatus = ActionStatus.AUTHORISED
    state: State = State.PENDING_ISSUANCE
    reference: str = ""
    renamed: int = 0
    issues: list[Issue] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    history: list[tuple[str, str, str]] = field(default_factory=list)

    def last_task(self, verb: Verb) -> Task | None:
        return next((task for task in reversed(self.tasks) if task.key == TASKS[verb]), None)

    def waiting(self, verb: Verb) -> Task | None:
        task = self.last_task(verb)
        return task if task and task.by is None else None

    def why_not_issue(self, now: datetime) -> Why | None:
        if (self.state, Event.ISSUE) not in TABLE:
            return Why.WRONG_STATE_TO_ISSUE
        if day_of(now) <= self.ends_on:
            return Why.NOT_ENDED
        return {ActionStatus.LIQUIDATED: Why.LIQUIDATED, ActionStatus.CANCELLED: Why.CANCELLED}.get(self.status)

    def why_not_request(self, now: datetime) -> Why | None:
        if (self.state, Event.REQUEST) not in TABLE:
            return Why.WRONG_STATE_TO_REQUEST
        if self.status is ActionStatus.LIQUIDATED:
            return Why.LIQUIDATED
        if self.state is not State.REJECTED:
            return None
        requests = self.issues[-1].requests
        if len(requests) > 1:
            return Why.RECONSIDERED_ALREADY
        return Why.TERM_IS_OVER if now >= reconsideration_ends(requests[-1].decided_at) else None

    def why_not_void(self) -> Why | None:
        if (self.state, Event.VOID) not in TABLE:
            return Why.WRONG_STATE_TO_VOID
        return Why.LIQUIDATED if self.status is ActionStatus.LIQUIDATED else None


@dataclass
class Paper:
    """A form in somebody's hand, as the model knows it. `task` and `renamed` are what it was made of; `is_done` once it acted."""

    who: Who
    verb: Verb
    course: Course
    reference: str
    form: Form
    task: Task | None
    renamed: int
    is_done: bool = False


@dataclass
class World:
    courses: Sequence[Course]
    now: datetime = FIRST_INSTANT
    folios: Counter[int] = field(default_factory=Counter)
    claimed: int = 0

    def pass_time(self, span: timedelta) -> None:
        self.now += span
        assert day_of(self.now) < LAST_DAY

    def paper(self, course: Course, reference: str, form: Form) -> Paper:
        """What `form`, just read, is about."""
        task = course.last_task(form.verb)
        return Paper(form.who, form.verb, course, reference, form, task, course.renamed)

    def why_not(self, event: Event, course: Course) -> Why | None:
        """Why nobody at all can have `event` happen to the course now."""
        match event:
            case Event.ISSUE:
                return course.why_not_issue(self.now)
            case Event.REQUEST:
                return course.why_not_request(self.now)
            case Event.VOID:
                return course.why_not_void()
        return None if (course.state, event) in TABLE else Why.ANSWERED_ALREADY

    def reading(self, who: Who, verb: Verb, course: Course) -> Expected:
        """What is told to whoever goes where the verb is done."""
        if not who.may(verb, course.region):
            return NOBODYS
        match verb:
            case Verb.REQUEST:
                return unless(course.why_not_request(self.now))
            case Verb.GRANT | Verb.DENY:
                return _answerable(course.last_task(verb))
        why = course.why_not_issue(self.now)
        if why is None and verb is Verb.ACCEPT and not course.waiting(verb):
            return FIRST_THE_REFERENCE
        return unless(why)

    def sending(self, paper: Paper) -> Expected:
        """What is told to whoever sends it now."""
        course = paper.course
        if not paper.who.may(paper.verb, course.region):
            return NOBODYS
        if paper.is_done:
            return DONE
        match paper.verb:
            case Verb.ENTER:
                return unless(course.why_not_issue(self.now))
            case Verb.REQUEST:
                is_open = course.waiting(Verb.GRANT) is not None
                return unless(Why.CASE_IS_OPEN if is_open else course.why_not_request(self.now))
        answerable = _answerable(paper.task)
        if answerable != DONE:
            return answerable
        if paper.verb is Verb.ACCEPT:
            old = Why.REVIEW_IS_OLD if paper.renamed != course.renamed else None
            return unless(course.why_not_issue(self.now) or old)
        return unless(Why.OWN_REQUEST if course.issues[-1].requests[-1].by == paper.who.name else None)

    def happens(self, paper: Paper) -> None:
        """`paper` was sent and did what it says; a repeat does nothing more."""
        if paper.is_done:
            return
        paper.is_done = True
        self.claimed += 1
        course, name = paper.course, paper.who.name
        match paper.verb:
            case Verb.ENTER:
                self._enter(course, name, paper.reference)
            case Verb.ACCEPT:
                self._issue(course, name)
            case Verb.REQUEST:
                self._request(course, name)
            case Verb.GRANT | Verb.DENY:
                self._decide(course, name, paper.verb)

    def voided(self, course: Course) -> None:
        course.issues[-1].voided = True
        course.state = TABLE[course.state, Event.VOID]
        course.history.append(("voided", SENCE, course.issues[-1].folio))

    def _enter(self, course: Course, name: str, reference: str) -> None:
        if course.waiting(Verb.ACCEPT):
            if course.reference == reference:
                return
            self._answer(course, Verb.ACCEPT, name, CORRECTED)
        course.tasks.append(Task(TASKS[Verb.ENTER]))
        self._answer(course, Verb.ENTER, name)
        course.reference = reference
        course.tasks.append(Task(TASKS[Verb.ACCEPT]))

    def _issue(self, course: Course, name: str) -> None:
        self._answer(course, Verb.ACCEPT, name, ACCEPTED)
        year = day_of(self.now).year
        self.folios[year] += 1
        course.issues.append(Issue(f"{self.folios[year]}-{year}", course.reference, name))
        course.state = TABLE[course.state, Event.ISSUE]
        course.history.append(("issued", name, course.issues[-1].folio))

    def _request(self, course: Course, name: str) -> None:
        course.tasks.append(Task(TASKS[Verb.REQUEST]))
        self._answer(course, Verb.REQUEST, name)
        course.tasks.append(Task(TASKS[Verb.GRANT]))
        last = course.issues[-1]
        last.requests.append(Request(name))
        course.state = TABLE[course.state, Event.REQUEST]
        kind = "annulment_requested" if len(last.requests) == 1 else "reconsideration_requested"
        course.history.append((kind, name, last.folio))

    def _decide(self, course: Course, name: str, verb: Verb) -> None:
        self._answer(course, verb, name, DECIDED[verb])
        request = course.issues[-1].requests[-1]
        request.granted, request.decided_by, request.decided_at = verb is Verb.GRANT, name, self.now
        course.state = TABLE[course.state, EVENT_OF[verb]]
        course.history.append(("annulment_granted" if request.granted else "annulment_denied", name, ""))

    def _answer(self, course: Course, verb: Verb, name: str, did: str = "") -> None:
        task = course.waiting(verb)
        assert task is not None
        task.by, task.told = name, f"{full_name(name)} {did} el {day_of(self.now):%d/%m/%Y}"


def _answerable(task: Task | None) -> Expected:
    if task is None:
        return NOBODYS
    return unless(Why.ANSWERED_ALREADY if task.by else None, task.told)
