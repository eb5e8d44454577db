"""A process that others may call: the second review, which may end with the error `lost`."""

from sqlalchemy.orm import Session

from app.models import ProcessDefinition
from app.process import definitions, diagrams
from app.process.definitions import Signed
from tests.factories import PersonFactory
from tests.process.sketches import Sketch

NAME = "Segunda revisión"
STEPS = {
    "begin": "start",
    "look": "user annulment_decision regional_direction",
    "is_fine": "xor",
    "done": "end",
    "lost": "fails lost",
}
ARROWS = ("begin look is_fine", "is_fine done : granted == True", "is_fine lost : otherwise")


def published_to_be_called(session: Session) -> ProcessDefinition:
    """As `second_review`, by two analysts."""
    author, approver = PersonFactory.create_batch(2)
    text = Sketch(STEPS, ARROWS).bpmn().replace('id="sketch"', 'id="second_review"').replace("Boceto", NAME)
    signed = Signed(author_id=author.id, approver_id=approver.id, note="Lo que se revisa dos veces.")
    return definitions.publish(session, diagrams.read(text.encode()), {}, signed)
