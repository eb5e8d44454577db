"""Definitions as versions: what the files in `workflows/` say first, which version starts new cases, and publishing another."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.forms import Form
from app.models import HumanTask, ProcessDefinition
from app.process import calling, decision_tables, diagrams, forms, gate, packages, versions
from app.process.calling import Pinned
from app.process.decision_tables import Stored
from app.process.diagrams import Diagram
from app.process.forms import FormSpec
from app.process.package import Package
from app.process.trials import files
from app.services.timers import clock

FOLDER = Path(__file__).parents[2] / "workflows"
LARGEST_VERSION = 2**31 - 1
Forms = Mapping[str, Any]
Scenarios = Mapping[str, Any]
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Signed:
    """Who wrote and approved a version, why, and from when new cases follow it (None: at once)."""

    author_id: int | None = None
    approver_id: int | None = None
    note: str = ""
    starts_at: datetime | None = None


INSTALLATION = Signed()


def load_files(session: Session, paths: Iterable[Path] | None = None) -> list[ProcessDefinition]:
    """Publish the diagrams of `workflows/` that are not yet there by content. Raises gate.Refused for a faulty one.

    Once people have published a version of a process it is theirs: a file does not take over any more.
    """
    found = sorted(FOLDER.glob("*.bpmn")) if paths is None else paths
    read = [(diagrams.read(path.read_bytes()), path) for path in found]
    order = calling.first_the_called(diagram for diagram, _ in read)
    return [_load(session, *one) for one in sorted(read, key=lambda one: order.index(one[0].process_id))]


def _load(session: Session, diagram: Diagram, path: Path) -> ProcessDefinition:
    latest = latest_or_none(session, diagram.process_id)
    if latest is not None and latest.author_id is not None:
        return latest
    beside = files.data_beside(path.parent, diagram.process_id)
    same = same_content(session, diagram, {}, beside)
    return same or publish(session, diagram, {}, INSTALLATION, scenarios=beside)


def publish(
    session: Session,
    diagram: Diagram,
    given: Forms,
    signed: Signed,
    *,
    scenarios: Scenarios | None = None,
    tables: Stored | None = None,
) -> ProcessDefinition:
    """A new version, which new cases follow from `starts_at` on; the earlier ones are retired then.

    It carries the forms and tables its diagram names, those `given` else their first versions, and what it calls as that is
    now. Raises gate.Refused, InvalidForm and InvalidTable.
    """
    tables = tables or {}
    called = calling.pinned(session, diagram)
    gate.require_sound(_offered(diagram, given, tables, called))
    carried = _carried(diagram, given)
    carried_tables = decision_tables.carried(diagram.decisions.values(), tables)
    number, now = _next_number(session, diagram.process_id), clock(session)
    definition = ProcessDefinition(
        process_id=diagram.process_id,
        version=number,
        content_sha256=content_hash(diagram.xml, carried, scenarios or {}, carried_tables, called),
        xml=diagram.xml,
        forms=carried,
        decision_tables=carried_tables,
        scenarios=dict(scenarios or {}),
        called=called,
        begins_with=diagram.begins_with,
        note=signed.note,
        published_at=now,
        starts_at=max(now, signed.starts_at or now),
        **_by(signed),
    )
    _retire_earlier(session, definition)
    session.add(definition)
    session.flush()
    return definition


def _next_number(session: Session, process_id: str) -> int:
    keep_others_out(session, process_id)
    latest = latest_or_none(session, process_id)
    return latest.version + 1 if latest else 1


def _by(signed: Signed) -> dict[str, Any]:
    """Two people, or, for what comes with the installation, two names."""
    if signed.author_id is None:
        return {"author": "repositorio", "approver": "instalación"}
    return {"author_id": signed.author_id, "approver_id": signed.approver_id}


def _offered(diagram: Diagram, given: Forms, tables: Stored, called: Pinned) -> Package:
    """All that a version may name, before it is known what of it is carried."""
    within = calling.packages(called, diagram)
    return Package(diagram, forms.offered(given), decision_tables.offered(tables), called=within)


def keep_others_out(session: Session, process_id: str) -> None:
    """Until this transaction ends nobody else publishes a version of the process."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"process_definition:{process_id}"))))


def _retire_earlier(session: Session, successor: ProcessDefinition) -> None:
    """One that would have begun later than its successor never does."""
    session.execute(
        update(ProcessDefinition)
        .where(
            ProcessDefinition.process_id == successor.process_id,
            or_(ProcessDefinition.retired_at.is_(None), ProcessDefinition.retired_at > successor.starts_at),
        )
        .values(retired_at=successor.starts_at, retired_by_id=successor.approver_id)
    )


def _carried(diagram: Diagram, given: Forms) -> dict[str, Any]:
    return forms.carried((task.form for task in diagram.user_tasks.values()), given)


def content_hash(
    xml: str, carried: Forms, scenarios: Scenarios, tables: Stored = NOTHING, called: Pinned = NOTHING
) -> str:
    """One hash over all of a version; where there is nothing but a diagram, it is the diagram's.

    Of scenarios, decision tables and called processes there is no word without any, so that versions from before there were any
    keep their hash.
    """
    more = {
        name: part for name, part in (("scenarios", scenarios), ("decision_tables", tables), ("called", called)) if part
    }
    if not carried and not more:
        return hashlib.sha256(xml.encode()).hexdigest()
    content = {"xml": xml, "forms": carried, **more}
    whole = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def same_content(session: Session, diagram: Diagram, given: Forms, scenarios: Scenarios) -> ProcessDefinition | None:
    """The newest version with this content, its decision tables being first versions and what it calls as it is now."""
    tables = decision_tables.carried(diagram.decisions.values(), {})
    called = calling.pinned(session, diagram)
    return session.scalar(
        select(ProcessDefinition)
        .where(
            ProcessDefinition.process_id == diagram.process_id,
            ProcessDefinition.content_sha256
            == content_hash(diagram.xml, _carried(diagram, given), scenarios, tables, called),
        )
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )


def latest_or_none(session: Session, process_id: str) -> ProcessDefinition | None:
    """The newest version, whether it has begun or not."""
    return session.scalar(
        select(ProcessDefinition)
        .where(ProcessDefinition.process_id == process_id)
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )


def latest(session: Session, process_id: str) -> ProcessDefinition:
    """Raises NotFound for a process that was never published."""
    definition = latest_or_none(session, process_id)
    if definition is None:
        raise NotFound
    return definition


def numbered(session: Session, process_id: str, version: int) -> ProcessDefinition:
    """Raises NotFound for a version that there is not."""
    wanted = ProcessDefinition.process_id == process_id, ProcessDefinition.version == min(version, LARGEST_VERSION)
    definition = session.scalar(select(ProcessDefinition).where(*wanted))
    if definition is None:
        raise NotFound
    return definition


def current(session: Session, process_id: str) -> ProcessDefinition:
    """The version that new cases follow now. Raises LookupError if the diagrams were never loaded."""
    definition = versions.current_or_none(session, process_id)
    if definition is None:
        raise LookupError(f"no published definition of {process_id!r}; run `flask process load`")
    return definition


def diagram_of(definition: ProcessDefinition) -> Diagram:
    return diagrams.stored(definition.xml)


def form_of(task: HumanTask) -> FormSpec | None:
    """The form that a task asks, of whichever process it is; None if its case's definition names another by now unknown."""
    return packages.of(task.instance.definition).all_forms.get(task.form)


def form(session: Session, process_id: str, name: str) -> Form:
    """The form called `name` that new cases are asked by."""
    return forms.of(current(session, process_id))[name].definition
