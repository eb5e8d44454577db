"""What the regional direction needs to decide a request for annulment."""

from typing import Any

from sqlalchemy.orm import Session

from app.domain.document import CertificateDocument
from app.domain.errors import NotFound
from app.models import HumanTask
from app.services import annulments, attendance
from app.web import printed
from app.web.inbox.comparison import SAME, compared
from app.web.inbox.so_far import steps
from app.web.requests_told import told

# The page shows it beside who asked.
SHOWN = (("annulment_request", "reason"),)


def values(session: Session, task: HumanTask) -> dict[str, Any]:
    """Request, course, certificate as issued and attendance as of now."""
    action = task.instance.certificate.action
    requests = annulments.requests_of(session, action.id)
    if not requests or requests[0].decision is not None:
        raise NotFound
    document = CertificateDocument.from_snapshot(requests[0].issuance.snapshot)
    lines = compared(document, attendance.compute(session, action))
    return {
        "course": {"code": action.code, "name": action.name},
        "asked": told(requests[0], action.time_zone),
        "previous": [told(earlier, action.time_zone) for earlier in requests[1:]],
        "answered": steps(task.instance, action.time_zone, but=SHOWN),
        "course_facts": printed.course_facts(document),
        "issue_facts": printed.issue_facts(document),
        "sequence": requests[0].issuance.sequence,
        "lines": lines,
        "changed": sum(line.difference != SAME for line in lines),
    }
