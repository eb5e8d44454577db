"""Folios without gaps: one counter row a year, locked as the last thing before the commit."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.folio import Folio
from app.models import FolioCounter


def take_next(session: Session, *, year: int) -> Folio:
    """The next folio of `year`. Everyone else who issues waits here until the transaction ends; a rollback gives it back."""
    counted = insert(FolioCounter).values(year=year, last_number=1)
    number = session.scalar(
        counted.on_conflict_do_update(
            index_elements=[FolioCounter.year], set_={"last_number": FolioCounter.last_number + 1}
        ).returning(FolioCounter.last_number)
    )
    assert number is not None
    return Folio(number, year)
