"""Hashes of passwords that cost nothing: most tests that sign somebody in are about what comes after."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from app.services import accounts

OF_THE_HOUSE = accounts._HASHER
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_HASHER", CHEAP)
        yield


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As dear as in production."""
    monkeypatch.setattr(accounts, "_HASHER", OF_THE_HOUSE)
