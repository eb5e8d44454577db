"""All of a version that a case runs on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.process import decision_tables, forms
from app.process.decision_tables import Tables
from app.process.diagrams import Diagram, Event, UserTask
from app.process.engine import Program
from app.process.forms import Forms


@dataclass(frozen=True)
class Package:
    """A version of a process: its diagram, the forms and decision tables that it may name, and the processes that it calls.

    What belongs to a called process is named `process/name`, whatever it calls itself: its tasks, its events, its forms and tables.
    """

    diagram: Diagram
    forms: Forms = field(default_factory=forms.first_versions)
    decision_tables: Tables = field(default_factory=decision_tables.first_versions)
    called: Mapping[str, "Package"] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        """What the engine runs."""
        called = sorted(self.all_called.items())
        return Program(
            self.diagram.process_id, self.diagram.xml, tuple((name, one.diagram.xml) for name, one in called)
        )

    @cached_property
    def all_called(self) -> Mapping[str, "Package"]:
        """The processes that this one calls, and those that they call."""
        found = dict(self.called)
        for one in self.called.values():
            found |= one.all_called
        return found

    @cached_property
    def user_tasks(self) -> Mapping[str, UserTask]:
        """Every task that a case may come to, by the key that the engine gives it; its form is one of `all_forms`."""
        tasks = {
            f"{name}/{key}": replace(task, key=f"{name}/{key}", form=f"{name}/{task.form}")
            for name, one in self.all_called.items()
            for key, task in one.diagram.user_tasks.items()
        }
        return {**self.diagram.user_tasks, **tasks}

    @cached_property
    def events(self) -> Mapping[str, Event]:
        """Every event that a case may await, by the key that the engine gives it."""
        called = ((name, event) for name, one in self.all_called.items() for event in one.diagram.events.values())
        events = {f"{name}/{event.key}": replace(event, key=f"{name}/{event.key}") for name, event in called}
        return {**self.diagram.events, **events}

    @cached_property
    def all_forms(self) -> Forms:
        """The forms that a task of a case may ask."""
        called = {f"{name}/{key}": form for name, one in self.all_called.items() for key, form in one.forms.items()}
        return {**self.forms, **called}

    @cached_property
    def all_tables(self) -> Tables:
        """The decision tables that a case may be decided by, by the name that the engine asks for."""
        called = (
            (f"{name}/{key}", table)
            for name, one in self.all_called.items()
            for key, table in one.decision_tables.items()
        )
        return {**self.decision_tables, **dict(called)}
