"""What a worker or a command does for a recomputation. Apart from asking for one, because its compiler is heavy."""

from sqlalchemy.orm import Session

from app.models import Job, JobChunk
from app.services import attendance_bulk


def recompute_chunk(session: Session, job: Job, chunk: JobChunk) -> None:  # noqa: ARG001
    """Make the stored figures of the chunk's courses again. Harmless when run twice."""
    attendance_bulk.recompute_actions(session, chunk.content["action_ids"])
