"""The codes of the gate are documented, each once, and nothing else is."""

import re
from pathlib import Path

import pytest

from app.process import gate
from app.process.gate import Finding

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/process-gate.md").read_text(encoding="utf-8")
GATE = [path.read_text(encoding="utf-8") for path in (ROOT / "app/process/gate").glob("*.py")]


def test_the_table_for_analysts_has_each_code_once() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE)

    assert sorted(documented) == sorted(gate.CODES)


@pytest.mark.parametrize("code", sorted(gate.CODES - {"invalid_diagram"}))
def test_a_code_is_given_somewhere(code: str) -> None:
    given = re.compile(rf'(Finding\(\s*|return |TERMS = .*)"{code}"')

    assert any(given.search(source) for source in GATE)


def test_a_finding_with_another_code_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="not a code"):
        Finding("strange", "decide_annulment", "Algo pasa. Haga algo.")
