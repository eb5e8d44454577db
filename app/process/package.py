"""All of a version that a case runs on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.process.diagrams import Diagram
from app.process.engine import Program
from app.process.forms import Forms, first_versions


@dataclass(frozen=True)
class Package:
    """A version of a process: its diagram, the forms that it may name, and by their ids the processes that it calls."""

    diagram: Diagram
    forms: Forms = field(default_factory=first_versions)
    called: Mapping[str, "Package"] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        """What the engine runs."""
        return Program(self.diagram.process_id, self.diagram.xml)
