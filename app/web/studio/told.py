"""What the studio's pages tell of versions, drafts, findings and differences, as plain values for the templates."""

from collections.abc import Sequence
from typing import Any

from app.models import ProcessDraft
from app.process import diagrams, drawing
from app.process.gate import Finding
from app.process.studio import difference, drawn
from app.process.studio.difference import Content, Difference
from app.process.studio.drafts import moment
from app.process.studio.listing import Draft, Process, Version
from app.process.studio.parts import parts_of
from app.process.studio.readiness import Missing
from app.process.studio.wording import Names


def name(one: ProcessDraft) -> str:
    """Of its process; a diagram that came without a name is called by its id."""
    return diagrams.stored(one.xml).name or one.process_id


def process(one: Process) -> dict[str, Any]:
    return {
        "process_id": one.process_id,
        "name": one.name,
        "running": one.running,
        "current": version(one.current) if one.current else None,
        "versions": [version(each) for each in one.versions],
        "drafts": [draft(each) for each in one.drafts],
    }


def version(one: Version) -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "author": one.author,
        "approver": one.approver,
        "note": one.note,
        "published": moment(one.published_at),
        "starts": moment(one.starts_at),
        "retired": moment(one.retired_at) if one.retired_at else "",
        "running": one.running,
    }


def draft(one: Draft) -> dict[str, Any]:
    return {
        "id": one.id,
        "status": one.status,
        "base": one.base,
        "author": one.author,
        "saved": f"{one.saved_by}, el {moment(one.saved_at)}",
    }


def events(one: ProcessDraft) -> list[dict[str, str]]:
    """What was done to a draft, the first thing first."""
    return [
        {"who": event.person.full_name, "did": event.kind.label, "at": moment(event.at), "note": event.note}
        for event in one.events
    ]


def findings(found: Sequence[Finding], xml: str) -> list[dict[str, Any]]:
    """Each with the name of its element, which leads to its row in the table."""
    parts = parts_of(xml)
    names = Names({}, parts)
    return [
        {
            "element": one.element,
            "name": names.of(one.element) if one.element in parts else "",
            "sentence": one.sentence,
            "code": one.code,
        }
        for one in found
    ]


def missing(found: Sequence[Missing]) -> list[dict[str, str]]:
    """What keeps a draft from being proposed; `what` is for machines and says where it is put right."""
    return [{"what": one.what.value, "sentence": one.sentence} for one in found]


def plain(xml: str) -> drawn.Picture:
    return drawn.Picture(drawing.draw(xml), {})


def compared(before: Content, after: Content) -> tuple[Difference, drawn.Picture]:
    found = difference.between(before, after)
    return found, drawn.of_difference(before, after, found)
