"""The form of a new attendance policy: the named questions of the handbook, each with the answers it admits."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.domain.attendance_answers import (
    QUESTIONS,
    BelowThreshold,
    Denominator,
    GracePer,
    LateEntry,
    PendingMarks,
    Rounding,
    SharedClass,
    UnpairedMark,
)
from app.domain.attendance_policy import GCA_1, AttendancePolicy
from app.domain.faces import Face
from app.domain.terms import Line
from app.web.dates import require_date, typed_date
from app.web.task_forms import clean

LONGEST_NOTE = 500
MOST_MINUTES = 1440
CHOICES: Mapping[str, type[Face]] = {
    "late_entry": LateEntry,
    "unpaired_mark": UnpairedMark,
    "grace_per": GracePer,
    "shared_class": SharedClass,
    "pending_marks": PendingMarks,
    "denominator": Denominator,
    "rounding": Rounding,
    "below_threshold": BelowThreshold,
}
EVERY_PROGRAMME = ("", "Todos los programas")
_NAME = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
_PERCENT = re.compile(r"[0-9]{1,3}([.,][0-9]{1,2})?")


def choice(name: str) -> StringField:
    return StringField(QUESTIONS[name], default=getattr(GCA_1, name).value)


class PolicyForm(FlaskForm):  # type: ignore[misc]
    """It begins with the answers of GCA-1: who adds a policy changes what is to be different."""

    policy_id = StringField("Nombre de la política", filters=[clean])
    grace_minutes = StringField("Minutos de gracia", default="20")
    late_entry = choice("late_entry")
    grace_per = choice("grace_per")
    unpaired_mark = choice("unpaired_mark")
    shared_class = choice("shared_class")
    pending_marks = choice("pending_marks")
    denominator = choice("denominator")
    rounding = choice("rounding")
    threshold = StringField(f"{QUESTIONS['threshold']} (%)", default="75")
    threshold_1 = StringField(f"Mínimo propio de {Line.SOCIAL_PROGRAMMES.label} (%)")
    threshold_3 = StringField(f"Mínimo propio de {Line.TAX_FRANCHISE.label} (%)")
    threshold_6 = StringField(f"Mínimo propio de {Line.WORKPLACE_TRAINING.label} (%)")
    below_threshold = choice("below_threshold")
    line = StringField("Programa", default="")
    applies_from = StringField("Rige para cursos que empiezan desde")
    note = TextAreaField("Por qué se agrega", filters=[clean])

    answers_offered: Mapping[str, list[tuple[str, str]]] = {
        **{name: [(one.value, one.label) for one in faces] for name, faces in CHOICES.items()},
        "line": [EVERY_PROGRAMME, *((line.value, line.label) for line in Line)],
    }

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field, and that every choice is one of those offered."""
        is_good = bool(super().validate(extra_validators))
        for name, offered in self.answers_offered.items():
            if self[name].data not in dict(offered):
                self[name].errors = [*self[name].errors, "Elija una respuesta de la lista."]
                is_good = False
        return is_good

    def validate_policy_id(self, field: Field) -> None:
        if not _NAME.fullmatch((field.data or "").strip()):
            raise ValidationError("El nombre lleva hasta 20 letras mayúsculas, cifras y guiones, como GCA-2.")

    def validate_grace_minutes(self, field: Field) -> None:
        text = (field.data or "").strip()
        if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) > MOST_MINUTES:
            raise ValidationError(f"Los minutos de gracia son un número entero, de 0 a {MOST_MINUTES}.")

    def validate_threshold(self, field: Field) -> None:
        if _share(field.data) is None:
            raise ValidationError("El mínimo es un porcentaje de 0 a 100, como 75 o 62,5.")

    def validate_threshold_1(self, field: Field) -> None:
        if (field.data or "").strip():
            self.validate_threshold(field)

    validate_threshold_3 = validate_threshold_6 = validate_threshold_1

    def validate_applies_from(self, field: Field) -> None:
        require_date(field.data, missing="Falta la fecha desde la que rige. Escríbala como 31/12/2026.")

    def validate_note(self, field: Field) -> None:
        text = (field.data or "").strip()
        if not text:
            raise ValidationError("Falta por qué se agrega. Cite la resolución o la norma.")
        if len(text) > LONGEST_NOTE:
            raise ValidationError(f"El texto tiene {len(text)} caracteres y el máximo es {LONGEST_NOTE}. Acórtelo.")

    def policy(self) -> AttendancePolicy:
        """What was asked for, once the form is valid."""
        own = {line: _share(self[f"threshold_{line.value}"].data) for line in Line}
        threshold = _share(self.threshold.data)
        assert threshold is not None
        answers: dict[str, Any] = {name: faces(self[name].data) for name, faces in CHOICES.items()}
        return AttendancePolicy(
            policy_id=(self.policy_id.data or "").strip(),
            grace=timedelta(minutes=int(self.grace_minutes.data or "0")),
            threshold=threshold,
            programme_thresholds=tuple((line, share) for line, share in own.items() if share is not None),
            **answers,
        )

    def begins(self) -> date:
        found = typed_date(self.applies_from.data or "")
        assert found is not None
        return found

    def programme(self) -> Line | None:
        return Line(self.line.data) if self.line.data else None


def _share(text: str | None) -> Fraction | None:
    """The share that a percentage names; None for what is not one, or is over 100."""
    text = (text or "").strip()
    share = Fraction(text.replace(",", ".")) / 100 if _PERCENT.fullmatch(text) else None
    return share if share is not None and share <= 1 else None
