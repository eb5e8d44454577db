"""Decision tables as processes know them: by the name that a diagram calls, out of a version, a draft or the first versions."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from app.models import ProcessDefinition
from app.process import dmn
from app.process.dmn import Decided, DecisionError, DecisionTable, InvalidTable
from app.process.engine import EngineError
from app.process.expressions import Value

FOLDER = Path(__file__).parents[2] / "workflows" / "decisions"
SUFFIX = ".dmn"

Tables = Mapping[str, DecisionTable]
Stored = Mapping[str, str]
"""The canonical text of each table by its name, as a version or a draft keeps them."""

_of_published: dict[tuple[str, str], Tables] = {}


def spec(name: str, xml: str) -> DecisionTable:
    """The table called `name` from its canonical text. Raises InvalidTable."""
    table = dmn.stored(xml)
    _require_name(name, table.name)
    return table


def canonical(name: str, content: bytes) -> str:
    """What is kept of an untrusted file, whatever its cells say. Raises InvalidTable for what is no table or another one."""
    sheet, xml = dmn.sheet_of(content)
    _require_name(name, sheet.name)
    return xml


def _require_name(name: str, found: str) -> None:
    if found != name:
        sentence = f"La tabla «{name}» dice llamarse «{found[:60]}». Dé a su decisión el id «{name}»."
        raise InvalidTable([dmn.Fault(sentence, found)])


def in_folder(folder: Path) -> dict[str, str]:
    """The tables of a folder such as `workflows/decisions/`, each by the name of its file. Raises InvalidTable."""
    return {path.stem: canonical(path.stem, path.read_bytes()) for path in sorted(folder.glob(f"*{SUFFIX}"))}


@lru_cache(maxsize=1)
def first_versions() -> Tables:
    return read_all(in_folder(FOLDER))


def of(definition: ProcessDefinition) -> Tables:
    """The tables that cases of a definition are decided by. Read once: what was published never changes."""
    key = (definition.process_id, definition.content_sha256)
    if key not in _of_published:
        _of_published[key] = read_all(definition.decision_tables)
    return _of_published[key]


def read_all(stored: Stored) -> Tables:
    """Raises InvalidTable for the first that cannot be used."""
    return {name: spec(name, xml) for name, xml in stored.items()}


def readable(stored: Stored) -> tuple[Tables, Mapping[str, InvalidTable]]:
    """The tables of a draft that can be used, and what is wrong with each of the others."""
    found, faults = {}, {}
    for name, xml in stored.items():
        try:
            found[name] = spec(name, xml)
        except InvalidTable as fault:
            faults[name] = fault
    return found, faults


def offered(stored: Stored) -> Tables:
    """What a diagram may name: the tables it comes with, and the first versions of those it does not. Raises InvalidTable."""
    return {**first_versions(), **read_all(stored)}


def carried(names: Iterable[str], stored: Stored) -> dict[str, str]:
    """The tables that a version whose diagram names `names` is published with."""
    known = {**{name: dmn.written(table) for name, table in first_versions().items()}, **stored}
    return {name: known[name] for name in sorted(set(names)) if name in known}


def decided(tables: Tables, name: str, data: Mapping[str, Value]) -> Decided:
    """What the table called `name` decides for the data of a case. Raises EngineError where it decides nothing."""
    if name not in tables:
        raise EngineError(f"La tabla «{name}» no existe.")
    try:
        return dmn.evaluate(tables[name], data)
    except DecisionError as error:
        raise EngineError(str(error)) from error
