"""A case that the engine cannot move, told by number and course to whoever has to answer for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.models import ProcessInstance
from app.process.engine import EngineError


class CaseStuck(RuntimeError):
    """What the diagram of a case could not do with an action. A case that only began with it will be gone by its rollback.

    `problem` names steps and decisions of the diagram, nobody's data: there is none in the engine.
    """

    def __init__(self, instance: ProcessInstance, problem: str) -> None:
        super().__init__(problem)
        self.process_id = instance.process_id
        self.instance_id = instance.id
        self.problem = f"Curso {instance.certificate.action.code}: {problem}"


@contextmanager
def naming(instance: ProcessInstance) -> Iterator[None]:
    """Turns an EngineError inside into a CaseStuck about this case."""
    try:
        yield
    except EngineError as error:
        raise CaseStuck(instance, str(error)) from error
