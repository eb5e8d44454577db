"""Where the engine evaluates, executes or calls: all of it ends here, and no Python of a diagram ever runs."""

from collections.abc import Mapping
from typing import Protocol

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.task import Task

from app.process import expressions
from app.process.spiff.errors import EngineError

Decisions = Mapping[str, expressions.Value]


class Calls(Protocol):
    """What a case asks of us on its way; each answer goes into its data. What these raise comes out as it is."""

    def perform(self, operation: str, /) -> Decisions | None:
        """Do what the catalogue has by that name."""
        ...

    def decide(self, table: str, data: Decisions, /) -> Decisions:
        """What the decision table of that name says of the case's data."""
        ...


class Words(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """The bottom of every evaluation: some of the library's steps ask the script engine, others go straight to this."""

    def evaluate(self, expression: str, context: Decisions, external_context: object = None) -> object:  # noqa: ARG002
        try:
            return expressions.evaluate(expression or "", context)
        except expressions.ExpressionError as error:
            raise EngineError(str(error)) from error

    def execute(self, script: str, context: Decisions, external_context: object = None) -> None:  # noqa: ARG002
        raise EngineError("Los diagramas no llevan código.")

    def call_service(self, context: Decisions, **kwargs: object) -> None:  # noqa: ARG002
        raise EngineError("Los servicios se llaman por operaciones del catálogo.")


class Script(PythonScriptEngine):  # type: ignore[misc]
    """Every place where the engine evaluates, executes or calls comes here; no Python of a diagram ever runs."""

    def __init__(self, calls: Calls) -> None:
        super().__init__(environment=Words())
        self._calls = calls

    def validate(self, expression: str) -> None:
        expressions.parse(expression)

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> object:  # noqa: ARG002
        try:
            return self.environment.evaluate(expression, task.data)
        except EngineError as error:
            raise EngineError(f"El paso «{task.task_spec.name}» no puede seguir. {error}") from error

    def execute(self, task: Task, script: str, external_context: object = None) -> None:  # noqa: ARG002
        self.environment.execute(script, task.data)

    def call_service(self, task: Task, *, operation: str) -> None:
        task.data.update(self._calls.perform(operation) or {})

    def decide(self, task: Task, *, table: str) -> None:
        task.data.update(self._calls.decide(table, dict(task.data)))
