"""The form of an added holiday: which day, where, and what it is called."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField

from app.domain.regions import Region
from app.web.dates import require_date, typed_date
from app.web.task_forms import clean, require_text

LONGEST_NAME = 120
EVERYWHERE = ("", "Todo el país")


class HolidayForm(FlaskForm):  # type: ignore[misc]
    day = StringField("Día")
    region = StringField("Dónde", default="")
    name = StringField("Nombre", filters=[clean])

    regions_offered = (EVERYWHERE, *((region.value, region.label) for region in Region))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field, and that the place is one of those offered."""
        is_good = bool(super().validate(extra_validators))
        if self.region.data not in dict(self.regions_offered):
            self.region.errors = ["Elija una región de la lista, o todo el país."]
            is_good = False
        return is_good

    def validate_day(self, field: Field) -> None:
        require_date(field.data, missing="Falta el día. Escríbalo como 31/12/2026.")

    def validate_name(self, field: Field) -> None:
        missing = "Falta el nombre. Escriba cómo se llama, con la ley o el decreto que lo fija."
        require_text(field, maximum=LONGEST_NAME, missing=missing)

    def chosen_day(self) -> date:
        """The day, once the form is valid."""
        found = typed_date(self.day.data or "")
        assert found is not None
        return found

    def where(self) -> str | None:
        return self.region.data or None
