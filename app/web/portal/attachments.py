"""What a request for retroactive attendance answers beside its definition: the files sent with it."""

from functools import cached_property
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import Field
from wtforms.validators import ValidationError

from app.services.retroactive import MAX_ATTACHMENTS, MAX_BYTES, Attachment
from app.web import uploads
from app.web.task_forms import TaskForm
from app.web.uploads import Upload


def _field() -> Any:
    return MultipleFileField("Antecedentes")


class AttachmentsForm(TaskForm):
    own = {"attachments": _field}  # noqa: RUF012

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
        return [uploads.read(file, at_most=MAX_BYTES) for file in self["attachments"].data or ()]

    def answers(self) -> dict[str, Any]:
        kept = [Attachment(one.filename, one.content_type or "", len(one.data), one.sha256) for one in self.uploads]
        return super().answers() | {"attachments": [one.as_answer() for one in kept]}


def _wrong_file(upload: Upload) -> str | None:
    if not upload.data:
        return f"«{upload.filename}» está vacío. Elija otro archivo."
    if len(upload.data) > MAX_BYTES:
        return f"«{upload.filename}» pesa más de {MAX_BYTES // 1024**2} MB. Redúzcalo y vuelva a elegirlo."
    if upload.content_type is None:
        return f"«{upload.filename}» no es un PDF ni un JPEG. Conviértalo y vuelva a elegirlo."
    return None
