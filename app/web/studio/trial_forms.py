"""What is typed on the page of a trial: where it begins, how many days go by, and what a scenario is called.

On the same page is the form of a task, whose fields have any name without a hyphen.
"""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from app.domain.regions import Region
from app.process.studio.scenarios import LONGEST_TITLE
from app.process.trials.clock import MOST_DAYS
from app.web.dates import require_date, typed_date
from app.web.task_forms import clean, require_text, typed

OPENED, NEW = "opened", "new"
REGIONS = tuple((region.value, region.label) for region in Region)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class StartForm(FlaskForm):  # type: ignore[misc]
    day = StringField("Empieza el", name="trial-day")
    region = StringField("Región", name="trial-region")

    def validate(self, extra_validators: Any = None) -> bool:
        """The day, and that the place is one of those offered."""
        is_good = bool(super().validate(extra_validators))
        if self.region.data not in dict(REGIONS):
            self.region.errors = ["Elija una región de la lista."]
            is_good = False
        return is_good

    def validate_day(self, field: Field) -> None:
        found = require_date(field.data, missing="Falta el día. Escríbalo como 31/12/2026.")
        if not FIRST_DAY <= found <= LAST_DAY:
            raise ValidationError(f"El día va de {FIRST_DAY:%d/%m/%Y} a {LAST_DAY:%d/%m/%Y}. Corríjalo.")

    def chosen_day(self) -> date:
        found = typed_date(self.day.data or "")
        assert found is not None
        return found


class AdvanceForm(FlaskForm):  # type: ignore[misc]
    days = StringField("Días hábiles", name="trial-days")

    def validate_days(self, field: Field) -> None:
        text = typed(field)
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST_DAYS):
            raise ValidationError(f"Escriba cuántos días hábiles pasan, de 1 a {MOST_DAYS}, solo con cifras.")

    def chosen(self) -> int:
        return int(typed(self.days))


class ScenarioForm(FlaskForm):  # type: ignore[misc]
    """`into` is asked only of a trial that was opened from a scenario."""

    into = StringField("Guardarlo", name="trial-into")
    title = StringField("Nombre del escenario", filters=[clean], name="trial-title")

    def validate_title(self, field: Field) -> None:
        missing = "Falta el nombre. Escriba qué muestra, como «Se aprueba dentro del plazo»."
        require_text(field, maximum=LONGEST_TITLE, missing=missing)
