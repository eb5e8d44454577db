"""All that the cases of a published version run on."""

from app.models import ProcessDefinition
from app.process import calling, decision_tables, diagrams, forms
from app.process.package import Package

_of_published: dict[tuple[str, str], Package] = {}


def of(definition: ProcessDefinition) -> Package:
    """Put together once: what was published never changes."""
    key = (definition.process_id, definition.content_sha256)
    if key not in _of_published:
        _of_published[key] = Package(
            diagrams.stored(definition.xml),
            forms.of(definition),
            decision_tables.of(definition),
            called=calling.of(definition),
        )
    return _of_published[key]
