"""The system user that PostgreSQL runs as when we are root, and what that user can get to."""

import pwd
import stat
import subprocess
from pathlib import Path

NAME = "embedded_postgres"


def system_user() -> str:
    """The user's name; the user is made if the machine has none."""
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
        subprocess.run(command, check=True)  # noqa: S603
    return NAME


def reachable_by_others(path: Path) -> bool:
    """Whether a user who is nobody in particular may pass every folder above `path` and enter or run it."""
    path = path.resolve()
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))


def open_to_others(folder: Path) -> None:
    """Let everybody read what is in `folder`, and run what its owner may run, whatever the umask was."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))
