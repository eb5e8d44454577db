"""Which version of the processes that one calls is called from now on, told in sentences."""

from collections.abc import Iterator

from app.process import diagrams
from app.process.calling import Pinned

Told = tuple[str, str, str]


def told(before: Pinned, after: Pinned) -> Iterator[Told]:
    """Mark, process and sentence for each; that one is called no more is told where its step is taken out."""
    for process_id, one in after.items():
        name = diagrams.stored(one["xml"]).name or process_id
        if process_id not in before:
            yield "added", process_id, f"De «{name}» se llama la versión {one['version']}."
        elif before[process_id]["version"] != one["version"]:
            old = before[process_id]["version"]
            yield "changed", process_id, f"De «{name}» se llamaba la versión {old} y ahora la {one['version']}."
