"""Who uses an embedded server: the first user starts it, the last one stops it, and a user that dies gives its place up."""

import fcntl
import os
from pathlib import Path
from typing import Protocol


class Server(Protocol):
    name: str

    def answers(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Lease:
    """A share in a server of `data_dir`, held until `release()` or the end of the process.

    Every user holds a shared kernel lock. Locks of dead processes vanish by themselves, so there is no list of users
    to go stale after a kill or a power cut.
    """

    def __init__(self, server: Server, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self._server = server
        self._owner = os.getpid()
        self._users = _open(data_dir / f".{server.name}.users")
        door = _open(data_dir / f".{server.name}.door")
        try:
            # One at a time: two processes that start together must not both start the server.
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            if not server.answers():
                server.start()
        finally:
            os.close(door)

    def release(self) -> None:
        """Give the share back; whoever finds no other user left stops the server. A forked child's call does nothing."""
        if self._users < 0 or os.getpid() != self._owner:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._server.stop()
        except BlockingIOError:
            return
        finally:
            os.close(self._users)
            self._users = -1


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
