"""An honest history is all green; each thing broken on purpose turns exactly its own invariant red."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.services.audit import INVARIANTS, Ground, check
from tests.audit.honest import Honest
from tests.audit.mutations import MUTATIONS
from tests.audit.mutations.breaking import Broken, Mutation


@pytest.fixture
def history(honest: Honest, tmp_path: Path) -> Iterator[Broken]:
    """A copy to break: the rows in a transaction that is rolled back and without triggers, the files in a folder."""
    files = tmp_path / "files"
    shutil.copytree(honest.storage.base, files)
    with Session(honest.engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield Broken(session, Storage(files), honest.certificates)
        session.rollback()


def red(history: Broken, *, settled: bool = True) -> dict[str, tuple[str, ...]]:
    """The invariants that do not hold, with examples."""
    moment = timedelta(days=1) if settled else timedelta(hours=-1)
    ground = Ground(history.session, history.storage, settled_before=datetime.now(UTC) + moment)
    verdicts = [check(ground, invariant) for invariant in INVARIANTS]
    return {verdict.invariant.name: verdict.examples for verdict in verdicts if not verdict.holds}


@pytest.mark.parametrize("settled", [True, False])
def test_an_honest_history_is_all_green(history: Broken, settled: bool) -> None:
    assert red(history, settled=settled) == {}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_what_is_broken_turns_exactly_its_invariant_red(history: Broken, mutation: Mutation) -> None:
    mutation.act(history)

    assert list(red(history)) == [mutation.invariant]


def test_every_invariant_has_something_that_breaks_it() -> None:
    assert {mutation.invariant for mutation in MUTATIONS} == {invariant.name for invariant in INVARIANTS}


def test_every_invariant_has_a_name_of_its_own() -> None:
    assert len({invariant.name for invariant in INVARIANTS}) == len(INVARIANTS)
