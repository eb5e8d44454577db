"""Children live and die together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.supervisor import Children

SLEEPER = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('set', flush=True); time.sleep(60)"
)


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Children]:
    """Runs small modules of the test's own; whatever happens, none outlives it."""
    monkeypatch.setattr("app.cli.supervisor.GRACE_S", 1)
    for name, source in {"sleeper": SLEEPER, "stubborn": STUBBORN, "short": "print('said')"}.items():
        (tmp_path / f"{name}.py").write_text(source)
    children = Children(tmp_path / "logs", {"PYTHONPATH": str(tmp_path)})
    yield children
    children.stop()


def wait_for_text(path: Path, text: str) -> None:
    until = time.monotonic() + 10
    while text not in path.read_text():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_child_that_ended_is_named_and_its_words_are_kept(children: Children) -> None:
    children.start("long", "sleeper", [])
    children.start("brief", "short", [])

    assert children.wait() == "brief"
    assert children.log("brief").read_text() == "said\n"


def test_stopping_ends_every_child_even_one_that_does_not_listen(children: Children) -> None:
    children.start("good", "sleeper", [])
    children.start("bad", "stubborn", [])
    wait_for_text(children.log("bad"), "set")
    pids = [child.pid for child in children._running.values()]

    children.stop()

    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


INTERRUPTED = """
import time
from app.cli.supervisor import Stopped, stop_signals
try:
    with stop_signals():
        print("ready", flush=True)
        time.sleep(60)
except Stopped:
    time.sleep(0.5)
    print("cleaned")
"""


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_way_to_say_stop_leads_to_the_clean_up_and_none_interrupts_it(name: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(name)
        time.sleep(0.2)
        process.send_signal(name)
        words = process.stdout.read()

    assert words == "cleaned\n"
