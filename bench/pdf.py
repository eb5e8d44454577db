"""A certificate on paper: reportlab alone drawing the same table, stock xhtml2pdf with rows of HTML, ours, and ours signed."""

import argparse
import importlib
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from app.domain.document import CertificateDocument
from bench.figures import Figure
from bench.paper import certificate

COUNTS = (1, 30, 300, 3000)
REFERENCE, OURS, SIGNED = "reportlab alone, the same table", "ours", "ours, signed"
STOCK = "stock xhtml2pdf, rows of HTML"
# Where the function stands that makes the bytes from a document: imported by the process that measures it and by no other.
CONTESTANTS = {
    REFERENCE: "bench.paper:long_table",
    "reportlab alone, names not wrapped": "bench.paper:long_table_of_strings",
    STOCK: "bench.paper:html_rows",
    OURS: "app.adapters.pdf.certificate:render_certificate",
    SIGNED: "bench.signing:signed_certificate",
}
SIGNING = "bench.signing:signing_alone"
# Rows of HTML take 1.4 s for so many people already; for ten times as many a run would be long.
STOCK_UP_TO = 300
# As long as it takes to be sure, within reason.
ENOUGH_SECONDS, FEWEST, MOST = 4.0, 1, 40


@dataclass(frozen=True)
class Outcome:
    """What one contestant took for one document, in a process of its own that had made a small one before."""

    first_ms: float
    ms: float
    kilobytes: float
    megabytes: float


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--counts", type=int, nargs="+", default=list(COUNTS), help="participants of each document")
    parser.add_argument("--stock-up-to", type=int, default=STOCK_UP_TO, help="most participants of stock xhtml2pdf")


def measure(arguments: argparse.Namespace) -> Iterator[Figure]:
    found: dict[tuple[str, int], Outcome] = {}
    for count in arguments.counts:
        for name in CONTESTANTS:
            if name == STOCK and count > arguments.stock_up_to:
                continue
            found[name, count] = _in_a_process_of_its_own(CONTESTANTS[name], count)
            yield from _figures(name, count, found)
        signing = _in_a_process_of_its_own(SIGNING, count)
        yield Figure(f"signing alone, RSA-2048, {_people(count)}", signing.ms, "ms", "under 30")
    yield from _growth(found, arguments.counts)


def _figures(name: str, count: int, found: dict[tuple[str, int], Outcome]) -> Iterator[Figure]:
    one = found[name, count]
    people = f"{name}, {_people(count)}"
    times = f"{one.ms / found[REFERENCE, count].ms:.2f} × reportlab alone"
    yield Figure(people, one.ms, "ms", f"{times}; within 2 ×" if (name, count) == (OURS, 30) else times)
    yield Figure(people, one.kilobytes, "kB")
    yield Figure(people, one.megabytes, "MB")
    if count == 1:
        yield Figure(f"{name}, the first of a process", one.first_ms, "ms")


def _growth(found: dict[tuple[str, int], Outcome], counts: list[int]) -> Iterator[Figure]:
    """Three thousand over a hundred times thirty; and, since that spreads what is fixed, one more participant late and early."""
    if not {30, 300, 3000} <= set(counts):
        return
    few, some, many = (found[OURS, count].ms for count in (30, 300, 3000))
    yield Figure("ours, 3,000 participants over 100 × 30", many / (100 * few), "×", "at most 1.2")
    late, early = (many - some) / 2700, (some - few) / 270
    yield Figure("ours, one more participant after 300 over one more before", late / early, "×", "at most 1.2")


def _people(count: int) -> str:
    return f"{count:,} participant{'s' * (count > 1)}"


def _in_a_process_of_its_own(place: str, count: int) -> Outcome:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_outcome, place, count).result()


def _outcome(place: str, count: int) -> Outcome:
    module, _, function = place.partition(":")
    render = getattr(importlib.import_module(module), function)
    document = certificate(count)
    first, _ = _timed(render, certificate(1))
    taken: list[float] = []
    while len(taken) < FEWEST or (sum(taken) < ENOUGH_SECONDS * 1000 and len(taken) < MOST):
        ms, content = _timed(render, document)
        taken.append(ms)
    return Outcome(first, statistics.median(taken), len(content) / 1000, _peak())


def _peak() -> float:
    """Megabytes this process ever held; `getrusage` would also count what its parent held before it began."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _timed(render: Callable[[CertificateDocument], bytes], document: CertificateDocument) -> tuple[float, bytes]:
    """Processor time: a document is the work of one thread, and what else the machine does is not its affair."""
    begun = time.process_time()
    content = render(document)
    return (time.process_time() - begun) * 1000, content
