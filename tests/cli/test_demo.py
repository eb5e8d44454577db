"""The demo says in one sentence why it cannot start."""

import socket
from dataclasses import replace

import pytest

from app.cli.demo import refuse_a_port_in_use
from app.config import Settings


def test_a_port_in_use_is_one_sentence_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(SystemExit) as refusal:
            refuse_a_port_in_use(replace(Settings(), port=port))

    expected = f"El puerto {port} ya está en uso. Elija otro, por ejemplo: PORT={port + 1} make demo"
    assert str(refusal.value) == expected


def test_a_port_that_was_just_left_is_free() -> None:
    with socket.socket() as left:
        left.bind(("127.0.0.1", 0))
        port = left.getsockname()[1]

    assert refuse_a_port_in_use(replace(Settings(), port=port)) is None  # type: ignore[func-returns-value]
