"""A process that another calls, in two versions: what its director is asked is another thing in each."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.models import ProcessDefinition
from app.process import definitions, diagrams, dmn, layout
from app.process.definitions import Signed
from app.process.diagrams import Diagram
from tests.factories import PersonFactory
from tests.process.drawing import asks, calls, catches, chain, error, event, process
from tests.process.elements import by_answer, decides
from tests.process.tables import described

CALLER, CALLED, MIDDLE = "twice_seen", "second_look", "between"
KEY, FORM = f"{CALLED}/decide", f"{CALLED}/annulment_decision"
TABLE = "look_level"
TERM = 'constancia:deadline="plazo_habil(5)"'


def caller(process_id: str = CALLER, called: str = CALLED) -> Diagram:
    """The director decides, and then what is called has its turn."""
    look, end = calls("look", called), event("end", "seen")
    return _drawn(
        process_id, event("start", "begin"), asks("decide"), look, end, chain("begin", "decide", "look", "seen")
    )


def called(name: str = "Mirar otra vez") -> Diagram:
    task = asks("decide").replace('name="decide"', f'name="{name}" {TERM}')
    return _drawn(CALLED, event("start", "begin"), task, event("end", "looked"), chain("begin", "decide", "looked"))


def deciding() -> Diagram:
    """What was answered goes through a table of its own before it ends."""
    steps = asks("decide"), decides("choose", TABLE), event("end", "looked")
    return _drawn(CALLED, event("start", "begin"), *steps, chain("begin", "decide", "choose", "looked"))


def table() -> Mapping[str, str]:
    """Its table, as a version keeps it."""
    rows = ['true | "regional"', 'false | "national"']
    made = described(TABLE, reads=["granted boolean"], gives=["level string"], rows=rows)
    return {TABLE: dmn.written(made)}


def failing() -> Diagram:
    """It may end with an error, which its callers have to catch."""
    steps = (
        asks("decide"),
        by_answer("is_fine", "looked", "bad"),
        event("end", "looked"),
        catches("bad", error("lost_error"), "end"),
    )
    return _drawn(CALLED, event("start", "begin"), *steps, chain("begin", "decide", "is_fine"))


def between() -> Diagram:
    look, end = calls("look", CALLED), event("end", "passed_on")
    return _drawn(MIDDLE, event("start", "begin"), look, end, chain("begin", "look", "passed_on"))


def _drawn(process_id: str, *elements: str) -> Diagram:
    steps = ("begin", "decide", "look", "seen", "looked", "passed_on", "is_fine", "bad", "choose")
    inside = "".join(elements)
    named = "".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in steps if f'id="{key}"' in inside)
    lane = f'<laneSet id="lanes"><lane id="regional_direction" name="Dirección Regional">{named}</lane></laneSet>'
    text = process(process_id, lane, *elements).replace(
        'isExecutable="true"', f'name="{process_id}" isExecutable="true"'
    )
    return diagrams.read(layout.with_drawing(text.encode()))


def asking(label: str) -> Mapping[str, Any]:
    """The director's form, with its question in other words."""
    form = json.loads((definitions.FOLDER / "forms" / "annulment_decision.json").read_text("utf-8"))
    form["fields"][0]["label"] = label
    return {"annulment_decision": form}


def published(
    session: Session,
    diagram: Diagram,
    forms: Mapping[str, Any] | None = None,
    tables: Mapping[str, str] | None = None,
) -> ProcessDefinition:
    author, approver = PersonFactory.create_batch(2)
    signed = Signed(author_id=author.id, approver_id=approver.id, note="Se mira dos veces.")
    return definitions.publish(session, diagram, forms or {}, signed, tables=tables)
