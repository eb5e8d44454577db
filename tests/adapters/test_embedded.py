"""Embedded servers: shared by all who use a data folder, stopped by the last one, never losing data."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis

from app.adapters.embedded.lease import Lease
from app.adapters.embedded.postgres import Postgres
from app.adapters.embedded.valkey import Valkey

USE_AND_END = """
import sys
from pathlib import Path
from app.adapters.embedded import complete
from app.config import Settings
print(complete(Settings(data_dir=Path(sys.argv[1]))).database_url, end="")
"""


class Counter:
    """A server that only counts."""

    name = "counter"

    def __init__(self) -> None:
        self.running = False
        self.starts = 0

    def answers(self) -> bool:
        return self.running

    def start(self) -> None:
        self.running = True
        self.starts += 1

    def stop(self) -> None:
        self.running = False


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (tmp_path / "postgres").exists():
        Postgres(tmp_path).remove()


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def other_process(folder: Path) -> str:
    """The address another process used, which has ended by now."""
    command = [sys.executable, "-c", USE_AND_END, str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_first_user_starts_a_server_and_the_last_one_stops_it(tmp_path: Path) -> None:
    server = Counter()

    first, second = Lease(server, tmp_path), Lease(server, tmp_path)
    first.release()
    still_running = server.running
    second.release()

    assert (server.starts, still_running, server.running) == (1, True, False)


def test_releasing_twice_takes_nobody_elses_share(tmp_path: Path) -> None:
    server = Counter()
    mine, _theirs = Lease(server, tmp_path), Lease(server, tmp_path)

    mine.release()
    mine.release()

    assert server.running


def test_another_process_finds_the_running_servers_and_leaves_them_running(folder: Path) -> None:
    postgres, valkey = Postgres(folder), Valkey(folder)
    leases = [Lease(postgres, folder), Lease(valkey, folder)]
    try:
        assert other_process(folder) == postgres.url
        assert postgres.answers()
        assert valkey.answers()
    finally:
        for lease in leases:
            lease.release()


def test_data_survives_and_nothing_is_left_running(folder: Path) -> None:
    postgres = Postgres(folder)
    lease = Lease(postgres, folder)
    rows(postgres.owner_url, "CREATE TABLE kept AS SELECT 7 AS n")
    lease.release()
    assert not postgres.answers()

    lease = Lease(postgres, folder)
    try:
        assert rows(postgres.owner_url, "SELECT n FROM kept") == [(7,)]
    finally:
        lease.release()


def test_who_works_on_it_is_not_who_owns_it(folder: Path) -> None:
    postgres = Postgres(folder)
    lease = Lease(postgres, folder)
    try:
        (application,), (owner,) = (rows(url, "SELECT current_user") for url in (postgres.url, postgres.owner_url))
        owned = rows(postgres.url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")
    finally:
        lease.release()

    assert owned == [owner] != [application]


def test_a_server_whose_user_was_killed_is_taken_over(folder: Path) -> None:
    Postgres(folder).start()  # Nobody holds a share: as after `kill -9`.
    address = Postgres(folder).url

    assert other_process(folder) == address
    assert not Postgres(folder).answers()


def test_an_address_with_its_password_is_for_its_owner_only(folder: Path) -> None:
    lease = Lease(Valkey(folder), folder)
    try:
        assert (folder / "valkey.url").stat().st_mode & 0o777 == 0o600
    finally:
        lease.release()


def kill(process: psutil.Process) -> None:
    children = process.children()
    process.kill()
    psutil.wait_procs([process, *children], timeout=30)


def test_a_server_that_was_killed_comes_back_at_its_address_with_its_data(folder: Path) -> None:
    postgres, valkey = Postgres(folder), Valkey(folder)
    leases = [Lease(postgres, folder), Lease(valkey, folder)]
    addresses = [postgres.url, postgres.owner_url, valkey.url]
    try:
        rows(postgres.owner_url, "CREATE TABLE kept AS SELECT 7 AS n")
        kill(psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0])))
        with Redis.from_url(valkey.url) as client:
            kill(psutil.Process(client.info("server")["process_id"]))
        leases += [Lease(postgres, folder), Lease(valkey, folder)]

        assert [postgres.url, postgres.owner_url, valkey.url] == addresses
        assert rows(postgres.owner_url, "SELECT n FROM kept") == [(7,)]
        assert valkey.answers()
    finally:
        for lease in leases:
            lease.release()
