"""Definitions as versions: what the files in `workflows/` say first, and which version starts new cases."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ProcessDefinition
from app.process import diagrams, gate
from app.process.diagrams import Diagram

FOLDER = Path(__file__).parents[2] / "workflows"


def load_files(session: Session, paths: Iterable[Path] | None = None) -> list[ProcessDefinition]:
    """Publish the diagrams of `workflows/` that are not yet there by content. Raises gate.Refused for a faulty one."""
    files = sorted(FOLDER.glob("*.bpmn")) if paths is None else paths
    return [publish(session, path.read_bytes(), author="repositorio", approver="instalación") for path in files]


def publish(session: Session, content: bytes, *, author: str, approver: str) -> ProcessDefinition:
    """The version with this content; made as the newest if no version has it. Raises gate.Refused."""
    diagram = diagrams.read(content)
    gate.require_sound(diagram)

    latest = current_or_none(session, diagram.process_id)
    same = session.scalar(
        select(ProcessDefinition).where(
            ProcessDefinition.process_id == diagram.process_id,
            ProcessDefinition.content_sha256 == diagram.sha256,
        )
    )
    if same is not None:
        return same

    definition = ProcessDefinition(
        process_id=diagram.process_id,
        version=latest.version + 1 if latest else 1,
        content_sha256=diagram.sha256,
        xml=diagram.xml,
        author=author,
        approver=approver,
        published_at=datetime.now(UTC),
    )
    session.add(definition)
    session.flush()
    return definition


def current_or_none(session: Session, process_id: str) -> ProcessDefinition | None:
    return session.scalar(
        select(ProcessDefinition)
        .where(ProcessDefinition.process_id == process_id)
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )


def current(session: Session, process_id: str) -> ProcessDefinition:
    """The version that new cases follow. Raises LookupError if the diagrams were never loaded."""
    definition = current_or_none(session, process_id)
    if definition is None:
        raise LookupError(f"no published definition of {process_id!r}; run `flask process load`")
    return definition


def diagram_of(definition: ProcessDefinition) -> Diagram:
    return diagrams.stored(definition.xml)
