"""What the regional direction needs to decide a request for retroactive attendance."""

from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.explanations import explain_class
from app.models import HumanTask
from app.services import certificates, retroactive, retroactive_found
from app.services.retroactive import Subject
from app.web.inbox.so_far import steps
from app.web.retroactive_told import effect_text, marks_text, told

# The page shows it beside who asked.
SHOWN = (("retroactive_request", "reason"),)


def values(session: Session, task: HumanTask) -> dict[str, Any]:
    """The request with its files, the participant's class with its marks and how it counts, and what an approval changes."""
    action = task.instance.certificate.action
    subject = Subject.parse(task.instance.subject)
    requests = retroactive_found.about(session, subject)
    if not requests or requests[0].decision is not None:
        raise NotFound
    held = requests[0].class_held
    now, then = retroactive.if_approved(session, subject)
    breakdown = retroactive.class_in(now, held)
    issued = certificates.issuances_of(session, action.id)
    return {
        "course": {"code": action.code, "name": action.name},
        "asked": told(requests[0], action),
        "previous": [told(earlier, action) for earlier in requests[1:]],
        "answered": steps(task.instance, action.time_zone, but=SHOWN),
        "participant_id": subject.participant_id,
        "marks": marks_text(breakdown, action.time_zone) if breakdown else [],
        "explanation": explain_class(breakdown, zone=action.time_zone, policy=now.policy) if breakdown else "",
        "effect": effect_text(now, then, held),
        "issued_folio": str(issued[0].folio) if issued else "",
    }
