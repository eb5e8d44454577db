"""A corpus of processes of many shapes: good ones pass the gate, each faulty one is refused for what is wrong and only that."""

import pytest

from app.process import gate
from tests.process import sketches

GOOD = sketches.good()


@pytest.mark.parametrize("name", GOOD)
def test_a_good_one_passes(name: str) -> None:
    assert gate.findings(GOOD[name].read(), sketches.some_forms()) == []


def test_there_are_twenty_good_ones() -> None:
    assert len(GOOD) >= 20
