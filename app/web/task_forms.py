"""The form of each user task, by the name diagrams give it; `answers()` holds exactly what the catalogue asks for."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask import session
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import Field, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.services.annulments import MAX_REASON
from app.services.certificates import MAX_REFERENCE
from app.services.retroactive import MAX_ATTACHMENTS, MAX_BYTES, Attachment
from app.web import uploads
from app.web.access import AUTHENTICATED_BY
from app.web.uploads import Upload

MAX_DECISION = 2000
YES, NO = "1", "0"
_REFERENCE = re.compile(r"[^\W_]([^\W_]|[-/. ])*")


def clean(text: str | None) -> str:
    """What people typed, without what they cannot see: control characters, and line ends of two characters."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))


def typed(field: Field) -> str:
    """The text of a field without the blanks around it."""
    return str(field.data).strip()


def wrong_reference(text: str) -> str | None:
    """What is wrong with a N° factura / orden de compra and what to do; None if nothing is."""
    if not text:
        return "Falta el N° de factura u orden de compra. Escríbalo tal como está en el documento."
    if len(text) > MAX_REFERENCE:
        return f"El número tiene {len(text)} caracteres y el máximo es {MAX_REFERENCE}. Acórtelo."
    if not _REFERENCE.fullmatch(text):
        return "El número lleva solo letras, cifras, guion, barra, punto y espacio. Quite lo demás."
    return None


class TaskForm(FlaskForm):  # type: ignore[misc]
    """A form of the catalogue."""

    def answers(self) -> dict[str, Any]:
        raise NotImplementedError


class DocumentReferenceForm(TaskForm):
    document_reference = StringField("N° factura / orden de compra", filters=[clean])

    def validate_document_reference(self, field: Field) -> None:
        if sentence := wrong_reference(typed(field)):
            raise ValidationError(sentence)

    def answers(self) -> dict[str, Any]:
        return {"document_reference": typed(self.document_reference)}


class AcceptIssuanceForm(TaskForm):
    """Two buttons of one name: accept what the hash names, or go back to correct the reference."""

    task_id = IntegerField()
    accepted = HiddenField()
    content_sha256 = HiddenField()

    def validate_accepted(self, field: Field) -> None:
        if field.data not in (YES, NO):
            raise ValidationError("Elija «Acepto emitir el certificado» o «Corregir el N° de factura».")

    def validate_task_id(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError("La página llegó incompleta. Revise el certificado otra vez y acéptelo.")

    def answers(self) -> dict[str, Any]:
        return {
            "accepted": self.accepted.data == YES,
            "content_sha256": self.content_sha256.data or "",
            "authenticated_by": session[AUTHENTICATED_BY],
        }


class AnnulmentRequestForm(TaskForm):
    reason = TextAreaField("Motivo de la solicitud", filters=[clean])

    def validate_reason(self, field: Field) -> None:
        require_text(
            field,
            maximum=MAX_REASON,
            missing="Falta el motivo. Escriba por qué pide la anulación.",
        )

    def answers(self) -> dict[str, Any]:
        return {"reason": typed(self.reason)}


class DecisionForm(TaskForm):
    """Two buttons of one name, and the reasons without which nothing is decided."""

    granted = HiddenField()
    reason = TextAreaField("Razones de la resolución", filters=[clean])

    def validate_granted(self, field: Field) -> None:
        if field.data not in (YES, NO):
            raise ValidationError("Elija «Aprobar» o «Rechazar».")

    def validate_reason(self, field: Field) -> None:
        require_text(
            field,
            maximum=MAX_DECISION,
            missing="Faltan las razones. Escriba por qué aprueba o rechaza: el organismo las leerá.",
        )

    def answers(self) -> dict[str, Any]:
        return {"granted": self.granted.data == YES, "reason": typed(self.reason)}


class RetroactiveRequestForm(TaskForm):
    reason = TextAreaField("Motivo", filters=[clean])
    attachments = MultipleFileField("Antecedentes")

    def validate_reason(self, field: Field) -> None:
        require_text(field, maximum=MAX_REASON, missing="Falta el motivo. Escriba por qué falta la marca.")

    def validate_attachments(self, field: Field) -> None:
        if len(field.data or ()) > MAX_ATTACHMENTS:
            raise ValidationError(
                f"Son {len(field.data)} archivos y el máximo es {MAX_ATTACHMENTS}. Elija menos y vuelva a enviar."
            )
        if wrong := [sentence for upload in self.uploads if (sentence := _wrong_file(upload))]:
            raise ValidationError(" ".join(wrong))

    @cached_property
    def uploads(self) -> list[Upload]:
        """The files as they came, read once."""
        return [uploads.read(file, at_most=MAX_BYTES) for file in self.attachments.data or ()]

    def answers(self) -> dict[str, Any]:
        kept = [Attachment(one.filename, one.content_type or "", len(one.data), one.sha256) for one in self.uploads]
        return {"reason": typed(self.reason), "attachments": [one.as_answer() for one in kept]}


def _wrong_file(upload: Upload) -> str | None:
    if not upload.data:
        return f"«{upload.filename}» está vacío. Elija otro archivo."
    if len(upload.data) > MAX_BYTES:
        return f"«{upload.filename}» pesa más de {MAX_BYTES // 1024**2} MB. Redúzcalo y vuelva a elegirlo."
    if upload.content_type is None:
        return f"«{upload.filename}» no es un PDF ni un JPEG. Conviértalo y vuelva a elegirlo."
    return None


FORMS: Mapping[str, type[TaskForm]] = {
    "document_reference": DocumentReferenceForm,
    "accept_issuance": AcceptIssuanceForm,
    "annulment_request": AnnulmentRequestForm,
    "annulment_decision": DecisionForm,
    "retroactive_request": RetroactiveRequestForm,
    "retroactive_decision": DecisionForm,
}


def require_text(field: Field, *, maximum: int, missing: str) -> None:
    """Raises ValidationError for a text that is empty or longer than `maximum`, with what to do about it."""
    length = len(typed(field))
    if not length:
        raise ValidationError(missing)
    if length > maximum:
        raise ValidationError(
            f"El texto tiene {length} caracteres y el máximo es {maximum}. Acórtelo y vuelva a enviar."
        )
