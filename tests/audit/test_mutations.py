"""An honest history is all green; each thing broken on purpose turns exactly its own invariant red."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from app.adapters.log_key import LogKey
from app.adapters.storage import Storage
from app.config import Settings
from app.process.audit import INVARIANTS
from app.services.audit import Ground, check
from tests.audit.honest import STORIES, Honest
from tests.audit.mutations import MUTATIONS, WITH_THE_LOG_WRITTEN_ANEW
from tests.audit.mutations.breaking import Broken, Mutation


@pytest.fixture
def history(honest: Honest, settings: Settings, tmp_path: Path) -> Iterator[Broken]:
    """A copy to break: the rows in a transaction that is rolled back and without triggers, the files in a folder."""
    files = tmp_path / "files"
    shutil.copytree(honest.storage.base, files)
    key = LogKey(tmp_path / "log.pem")
    key.create()
    with Session(honest.owner) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        copy = Broken(session, Storage(files), honest.certificates, key, application(settings))
        for path in files.rglob("*"):
            copy.grow_old(path)
        yield copy
        session.rollback()


def application(settings: Settings) -> str:
    name = make_url(settings.database_url).username
    assert name
    return name


def red(history: Broken, *, settled: bool = True, sample: int | None = None) -> dict[str, int | None]:
    """The invariants that do not hold, and of how many things."""
    moment = timedelta(days=1) if settled else timedelta(hours=-1)
    ground = Ground(history.session, history.storage, settled_before=datetime.now(UTC) + moment, sample=sample)
    history.session.execute(text(f"SET LOCAL ROLE {history.application}"))
    verdicts = [check(ground, invariant) for invariant in INVARIANTS]
    history.session.execute(text("RESET ROLE"))
    return {verdict.invariant.name: verdict.count for verdict in verdicts if not verdict.holds}


@pytest.mark.parametrize("settled", [True, False])
def test_an_honest_history_is_all_green(history: Broken, settled: bool) -> None:
    assert red(history, settled=settled) == {}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_what_is_broken_turns_exactly_its_invariant_red(history: Broken, mutation: Mutation) -> None:
    mutation.act(history)
    if mutation in WITH_THE_LOG_WRITTEN_ANEW:
        history.write_log_anew()

    assert list(red(history)) == [mutation.invariant]


def test_what_is_under_way_is_nobodys_fault_unless_all_is_settled(history: Broken) -> None:
    issuance_id = history.issuances("issued")[0]
    history.run("UPDATE issuance SET issued_at = now() WHERE id = :i", i=issuance_id)
    history.run("DELETE FROM document WHERE issuance_id = :i", i=issuance_id)
    history.run("UPDATE effect SET done_at = NULL, due_at = now() WHERE id = (SELECT max(id) FROM effect)")
    waiting = {"issuances_get_their_document", "effects_not_overdue"}

    assert waiting.isdisjoint(red(history, settled=False))
    assert waiting <= set(red(history))


def test_attendance_of_a_sample_is_computed_again_or_of_all(history: Broken) -> None:
    history.run("UPDATE attendance_result SET provisional_seconds = 1")
    name, of_each_course = "stored_attendance_is_what_the_marks_give", 2

    assert red(history, sample=3)[name] == 3 * of_each_course
    # All but the one that waits for an operator.
    assert red(history)[name] == (len(STORIES) - 1) * of_each_course


def test_every_invariant_has_something_that_breaks_it() -> None:
    assert {mutation.invariant for mutation in MUTATIONS} == {invariant.name for invariant in INVARIANTS}


def test_every_invariant_has_a_name_of_its_own() -> None:
    assert len({invariant.name for invariant in INVARIANTS}) == len(INVARIANTS)
