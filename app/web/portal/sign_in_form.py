"""The login form, with the names, ids and words of the portal."""

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.domain.rut import InvalidRut, Rut
from app.web.task_forms import clean

USER_KINDS = ("OTEC", "Ciudadano")
LONGEST_RUT = 20


class LoginForm(FlaskForm):  # type: ignore[misc]
    TipoUsuario = StringField("Tipo de usuario", default=USER_KINDS[0])
    RutUsuario = StringField("RUT", filters=[clean])
    ClaveSence = PasswordField("Clave SENCE", validators=[InputRequired("Escriba su Clave SENCE (CUS).")])

    def validate_RutUsuario(self, field: Field) -> None:  # noqa: N802
        if not field.data.strip():
            raise ValidationError("Escriba su RUT con el dígito verificador, como 12.345.678-5.")
        try:
            Rut.parse(field.data[:LONGEST_RUT])
        except InvalidRut as error:
            raise ValidationError(str(error)) from error

    def rut(self) -> Rut:
        """The RUT typed, once the form is valid."""
        return Rut.parse(self.RutUsuario.data or "")
