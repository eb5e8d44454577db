"""The search form: programme, criterion and what to look for, with the ids of the portal."""

import re

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from app.domain.permissions import Actor, Profile
from app.domain.rut import InvalidRut, Rut
from app.domain.terms import Line
from app.services.courses import Criterion
from app.web.portal.selection import Criteria
from app.web.task_forms import clean

LONGEST_CODE = 50
# A participant could find out who else takes a course; SENCE's look at a person needs a recorded purpose first.
WITHOUT_PARTICIPANT = frozenset({Profile.PARTICIPANT, Profile.SENCE_NATIONAL_ADMIN, Profile.SENCE_REGIONAL_ADMIN})


def criteria_for(actor: Actor) -> list[Criterion]:
    """What the actor may search by."""
    return [one for one in Criterion if one is not Criterion.PARTICIPANT or actor.profile not in WITHOUT_PARTICIPANT]


class SearchForm(FlaskForm):  # type: ignore[misc]
    FilterTipoPrograma = StringField("Tipo de Programa", default=Line.TAX_FRANCHISE.value)
    FilterTipobusqueda = StringField("Criterio de búsqueda", default=Criterion.CODE.value)
    FilterCodigoCurso = StringField("Código de curso o Id de Acción", filters=[clean])

    def offer(self, actor: Actor) -> None:
        """Give the criteria the actor may use."""
        self.criteria_offered = [(one.value, one.label) for one in criteria_for(actor)]

    def validate_FilterTipoPrograma(self, field: Field) -> None:  # noqa: N802
        if field.data not in list(Line):
            raise ValidationError("Elija un tipo de programa de la lista.")

    def validate_FilterTipobusqueda(self, field: Field) -> None:  # noqa: N802
        if field.data not in dict(self.criteria_offered):
            raise ValidationError("Elija un criterio de búsqueda de la lista.")

    def validate_FilterCodigoCurso(self, field: Field) -> None:  # noqa: N802
        problem = _what_is_wrong(self.FilterTipobusqueda.data or "", field.data.strip())
        if problem:
            raise ValidationError(problem)

    def criteria(self) -> Criteria:
        """What was asked, once the form is valid."""
        criterion = self.FilterTipobusqueda.data or ""
        text = "" if criterion == Criterion.ALL else (self.FilterCodigoCurso.data or "").strip()
        return Criteria(self.FilterTipoPrograma.data or "", criterion, text)


def _what_is_wrong(criterion: str, text: str) -> str | None:
    if criterion == Criterion.ALL:
        return None
    if criterion == Criterion.PARTICIPANT:
        return _wrong_rut(text)
    if criterion == Criterion.SENCE_CODE and not re.fullmatch(r"[0-9]{10}", text):
        return "El Código SENCE tiene 10 cifras. Revíselo y vuelva a buscar."
    if not text:
        return "Falta el código. Escriba el Código de curso o Id de Acción."
    if len(text) > LONGEST_CODE:
        return f"El código tiene {LONGEST_CODE} caracteres como máximo. Revíselo y vuelva a buscar."
    return None


def _wrong_rut(text: str) -> str | None:
    if not text:
        return "Falta el RUT del participante. Escríbalo con su dígito verificador."
    try:
        Rut.parse(text)
    except InvalidRut as error:
        return str(error)
    return None
