"""What a session remembers between pages: the criteria of the last search and the course selected in the grid."""

from dataclasses import dataclass

from flask import session

from app.domain.terms import Line
from app.services.courses import Criterion, Search

CRITERIA, COURSE = "search_criteria", "selected_course"


@dataclass(frozen=True)
class Criteria:
    """As typed; kept in the session because a RUT has no place in an address."""

    line: str
    criterion: str
    text: str

    def to_search(self) -> Search:
        return Search(Line(self.line), Criterion(self.criterion), self.text)


def keep_criteria(criteria: Criteria) -> None:
    session[CRITERIA] = [criteria.line, criteria.criterion, criteria.text]


def criteria() -> Criteria | None:
    kept = session.get(CRITERIA)
    return Criteria(*kept) if kept else None


def forget_criteria() -> None:
    session.pop(CRITERIA, None)


def select_course(code: str) -> None:
    session[COURSE] = code


def selected_course() -> str | None:
    code: str | None = session.get(COURSE)
    return code


def forget_selection() -> None:
    """Another profile sees other courses: nothing of the last one's search stays."""
    forget_criteria()
    session.pop(COURSE, None)
