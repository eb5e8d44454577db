"""What is asked when a draft is proposed: the note of the change, and when new cases are to follow it."""

import re
from datetime import datetime, time

from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.process.studio.drafts import ZONE
from app.process.studio.proposals import LONGEST_NOTE
from app.web.dates import require_date, typed_date
from app.web.task_forms import clean, typed

_HOUR = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def beginning(starts_at: datetime | None) -> dict[str, str]:
    """A start that was asked for before, as somebody would type it."""
    at = starts_at.astimezone(ZONE) if starts_at else None
    return {"day": f"{at:%d/%m/%Y}", "hour": f"{at:%H:%M}"} if at else {}


class ProposalForm(FlaskForm):  # type: ignore[misc]
    note = TextAreaField("Nota del cambio", filters=[clean])
    day = StringField("Rige desde el día")
    hour = StringField("Hora")

    def validate_note(self, field: Field) -> None:
        if not typed(field):
            raise ValidationError("Falta la nota del cambio. Escriba qué cambia y por qué.")
        self.require_short(field)

    @staticmethod
    def require_short(field: Field) -> None:
        """Raises ValidationError for more than is kept."""
        if len(typed(field)) > LONGEST_NOTE:
            raise ValidationError(
                f"La nota tiene {len(typed(field))} caracteres y el máximo es {LONGEST_NOTE}. Acórtela."
            )

    def validate_day(self, field: Field) -> None:
        if (field.data or "").strip():
            require_date(field.data, missing="")

    def validate_hour(self, field: Field) -> None:
        hour = (field.data or "").strip()
        if hour and not _HOUR.fullmatch(hour):
            raise ValidationError("La hora va de 00:00 a 23:59, como 09:00.")
        if hour and not (self.day.data or "").strip():
            raise ValidationError("Falta el día. Escríbalo, o deje vacía la hora.")

    def starts_at(self) -> datetime | None:
        """The instant asked for, on the capital's clocks; None: as soon as it is approved."""
        day = typed_date(self.day.data or "")
        if day is None:
            return None
        hour = _HOUR.fullmatch((self.hour.data or "").strip())
        at = time(int(hour[1]), int(hour[2])) if hour else time(0)
        return datetime.combine(day, at, ZONE)


class NoteForm(ProposalForm):
    """The same while it is being written: nothing is missing yet."""

    def validate_note(self, field: Field) -> None:
        self.require_short(field)
