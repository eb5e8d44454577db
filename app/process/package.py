"""All of a version that a case runs on."""

from dataclasses import dataclass, field

from app.process.diagrams import Diagram
from app.process.engine import Program
from app.process.forms import Forms, first_versions


@dataclass(frozen=True)
class Package:
    """A version of a process: its diagram, and the forms that it may name."""

    diagram: Diagram
    forms: Forms = field(default_factory=first_versions)

    @property
    def program(self) -> Program:
        """What the engine runs."""
        return Program(self.diagram.process_id, self.diagram.xml)
