"""What the acceptance answers beside its definition: which task, what was reviewed, and how the person signed in."""

from typing import Any

from flask import session
from wtforms import Field, HiddenField, IntegerField
from wtforms.validators import ValidationError

from app.web.access import AUTHENTICATED_BY
from app.web.task_forms import TaskForm


class AcceptanceForm(TaskForm):
    """Two buttons of one name: accept what the hash names, or go back to correct the reference."""

    own = {"task_id": IntegerField, "content_sha256": HiddenField}  # noqa: RUF012

    def validate_task_id(self, field: Field) -> None:
        if field.data is None:
            raise ValidationError("La página llegó incompleta. Revise el certificado otra vez y acéptelo.")

    def answers(self) -> dict[str, Any]:
        built_in = {"content_sha256": self["content_sha256"].data or "", "authenticated_by": session[AUTHENTICATED_BY]}
        return super().answers() | built_in
