"""The form that starts a recomputation: what to recompute, and the one field that says it exactly."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from app.domain.permissions import Actor
from app.domain.regions import Region
from app.domain.rut import InvalidRut, Rut
from app.domain.terms import Line
from app.services.recomputation import Reach, Scope
from app.web.dates import require_date, typed_date
from app.web.task_forms import clean

ANY_LINE = ""
MISSING_CODE = "Falta el código. Escriba el Código Curso o Id de Acción."


class RecomputationForm(FlaskForm):  # type: ignore[misc]
    """Each field counts only with the choice it belongs to."""

    reach = StringField("Qué recalcular", default=Reach.ACTION.value)
    action_code = StringField("Código Curso o Id de Acción", filters=[clean])
    organisation_rut = StringField("RUT de la institución", filters=[clean])
    region = StringField("Región")
    line = StringField("Programa", default=ANY_LINE)
    starts_from = StringField("Cursos que empiezan desde", filters=[clean])

    def offer(self, actor: Actor) -> None:
        """Give the regions the actor may choose among."""
        self.regions_offered = [(one.value, one.label) for one in Region if actor.covers(one.value)]
        self.lines_offered = [(ANY_LINE, "Todos los programas"), *((one.value, one.label) for one in Line)]

    def validate_reach(self, field: Field) -> None:
        if field.data not in list(Reach):
            raise ValidationError("Elija qué recalcular.")

    def validate_action_code(self, field: Field) -> None:
        if self.reach.data == Reach.ACTION and not (field.data or "").strip():
            raise ValidationError(MISSING_CODE)

    def validate_organisation_rut(self, field: Field) -> None:
        if self.reach.data != Reach.ORGANISATION:
            return
        try:
            Rut.parse(field.data or "")
        except InvalidRut as error:
            raise ValidationError(str(error)) from error

    def validate_region(self, field: Field) -> None:
        if self.reach.data == Reach.REGION and field.data not in dict(self.regions_offered):
            raise ValidationError("Elija una región de la lista.")

    def validate_line(self, field: Field) -> None:
        if self.reach.data == Reach.POLICY and field.data not in dict(self.lines_offered):
            raise ValidationError("Elija un programa de la lista.")

    def validate_starts_from(self, field: Field) -> None:
        if self.reach.data == Reach.POLICY:
            require_date(field.data, missing="Falta la fecha desde la que rige la política. Escríbala como 31/12/2026.")

    def scope(self) -> Scope:
        """What was asked, once the form is valid."""
        reach = Reach(self.reach.data or "")
        if reach is Reach.POLICY:
            line = Line(self.line.data) if self.line.data else None
            return Scope(reach, line=line, starts_from=typed_date(self.starts_from.data or ""))
        fields: dict[Reach, Any] = {
            Reach.ACTION: self.action_code,
            Reach.ORGANISATION: self.organisation_rut,
            Reach.REGION: self.region,
        }
        return Scope(reach, (fields[reach].data or "").strip() if reach in fields else "")
