"""The hours of a course that crosses 31 December: the horas parciales corrected, and the percentages made again at once."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.permissions import Action, Actor
from app.domain.terms import ActionStatus, Activity
from app.models import Correction, TrainingAction
from app.services import attendance
from app.services.printing import hours_text

PAGE = "Re-Calcular Porcentajes"
FROZEN = (ActionStatus.LIQUIDATED, ActionStatus.CANCELLED)


def why_not_correctable(action: TrainingAction) -> str | None:
    """The sentence that tells why the horas parciales cannot be changed; None when they can."""
    if action.activity is Activity.NORMAL:
        return "Este curso no es parcial ni complementario: no lleva horas parciales. Revise el código."
    if action.status in FROZEN:
        return f"El curso está en «{action.status.label}» y sus horas ya no cambian. Consulte a su Dirección Regional."
    return None


def correct_partial(session: Session, action_id: int, *, hours: Decimal, actor: Actor) -> None:
    """Set the horas parciales, keep what was before with who and when, and store the figures over the new hours.

    The same hours again record nothing. Raises Refusal for hours that leave nothing on one side, or a frozen course.
    """
    actor.require(Action.CORRECT_HOURS)
    action = session.get_one(TrainingAction, action_id, with_for_update={"key_share": True}, populate_existing=True)
    if reason := why_not_correctable(action):
        raise Refusal(reason)
    if not 0 < hours < action.credited_hours:
        credited = hours_text(Fraction(action.credited_hours))
        raise Refusal(f"Las horas parciales deben ser más que 0 y menos que las {credited} acreditadas. Corríjalas.")

    if hours != action.partial_hours:
        session.add(
            Correction(
                record="actions",
                natural_key=action.code,
                before={"partial_hours": str(action.partial_hours)},
                after={"partial_hours": f"{hours:.2f}"},
                corrected_at=datetime.now(UTC),
                source=PAGE,
                corrected_by_id=actor.person_id,
            )
        )
        action.partial_hours = hours
        session.flush()
    attendance.recompute(session, {"action_id": action.id})
