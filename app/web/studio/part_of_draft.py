"""What the pages of a draft's forms and of its tables have in common: which draft, and the version that was typed against."""

from typing import Any

from flask import request

from app.models import DraftStatus, ProcessDraft
from app.web.studio import told


def about(draft: ProcessDraft) -> dict[str, Any]:
    """What each of them shows of the draft."""
    # What was typed against an earlier version is still against that one.
    return {
        "draft": {"id": draft.id, "process_id": draft.process_id, "version": version() or draft.version},
        "name": told.name(draft),
        "is_open": draft.status is DraftStatus.DRAFT,
    }


def version() -> int:
    """The version of the draft that the posted form was read from; 0 where none was posted."""
    return request.form.get("version", type=int) or 0
