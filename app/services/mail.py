"""Mail as an effect: asked for in the transaction that gives rise to it, sent after the commit, one effect a recipient."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from app.services import effects
from app.services.effects import EffectQueue

SEND = "mail/send"


class Template(StrEnum):
    """The letters there are. The value is the name of the files in templates/mail."""

    REQUEST_RECEIVED = "request_received"
    DECISION = "decision"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    CERTIFICATE_ISSUED = "certificate_issued"


def ask(
    session: Session, template: str, *, identity: str, recipients: Sequence[int], about: Mapping[str, int | str]
) -> None:
    """Ask that each of `recipients` (ids of persons) gets the letter once; asking again is the same as once.

    `identity` tells this occasion from every other of the same template; `about` holds ids only, from which the letter
    is written when it is sent. Raises ValueError for an unknown template.
    """
    letter = Template(template)
    for person_id in sorted(set(recipients)):
        effects.ask(
            session,
            SEND,
            identity=f"mail/{letter}/{identity}/{person_id}",
            queue=EffectQueue.INTERACTIVE,
            payload={"template": str(letter), "person_id": person_id, "about": dict(about)},
        )
