"""Settings: read once from the environment, named, typed and documented in `.env.example`."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from app import faults

DRIVER = "postgresql+psycopg://"
# `Constancia <avisos@ejemplo.cl>` or the address alone.
_BARE = r"[\w.+-]+@[\w.-]+"
ONE_ADDRESS = re.compile(rf"{_BARE}|[^<>@,;\"]*<{_BARE}>", re.ASCII)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class SettingsError(SystemExit):
    """The environment holds something nothing can start with: whatever was starting ends with this one sentence."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between a laptop, a test and production. An empty URL means the embedded server."""

    database_url: str = field(default="", repr=False)
    database_owner_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = field(default="", repr=False)
    secure_cookies: bool = False
    workers: int = 1
    worker_concurrency: int = 2
    visibility_timeout: int = 240
    mail_url: str = field(default="", repr=False)
    mail_from: str = ""
    fault: str = ""
    log_key: str = ""
    signing_key: str = ""
    signing_passphrase: str = field(default="", repr=False)
    timestamp_url: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Each field from the variable of its name in capitals; an empty one counts as absent. Raises SettingsError."""
        given = {name: value for name, value in environ.items() if value}
        port = _number(given, "PORT", cls.port)
        settings = cls(
            database_url=normalised_database_url(given.get("DATABASE_URL", cls.database_url)),
            database_owner_url=checked_owner_url(given.get("DATABASE_OWNER_URL", ""), given.get("DATABASE_URL", "")),
            redis_url=checked_redis_url(given.get("REDIS_URL", cls.redis_url)),
            data_dir=Path(given.get("DATA_DIR", cls.data_dir)).resolve(),
            host=given.get("HOST", cls.host),
            port=port,
            base_url=given.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            secret_key=given.get("SECRET_KEY", cls.secret_key),
            secure_cookies=given.get("SECURE_COOKIES", "0") == "1",
            workers=_number(given, "WORKERS", cls.workers),
            worker_concurrency=_number(given, "WORKER_CONCURRENCY", cls.worker_concurrency),
            visibility_timeout=_number(given, "VISIBILITY_TIMEOUT", cls.visibility_timeout),
            mail_url=checked_mail_url(given.get("MAIL_URL", cls.mail_url)),
            mail_from=checked_mail_from(given.get("MAIL_FROM", cls.mail_from), mail_url=given.get("MAIL_URL", "")),
            fault=checked_fault(given.get("FAULT", cls.fault)),
            log_key=given.get("LOG_KEY", cls.log_key),
            signing_key=given.get("SIGNING_KEY", cls.signing_key),
            signing_passphrase=given.get("SIGNING_PASSPHRASE", cls.signing_passphrase),
            timestamp_url=checked_timestamp_url(given.get("TIMESTAMP_URL", cls.timestamp_url)),
        )
        if settings.fault and settings.seen_from_outside:
            raise SettingsError(
                "FAULT hace fallar el sistema a propósito y aquí entra gente de fuera. Quítela del entorno."
            )
        return settings

    def to_env(self) -> dict[str, str]:
        """The variables that make another process read these same settings, all but who owns the database.

        No process that is started by another one needs it: none of them may be able to rewrite history.
        """
        values = {name.upper(): getattr(self, name) for name in self.__dataclass_fields__}
        values["DATABASE_OWNER_URL"] = ""
        return {name: str(int(value) if isinstance(value, bool) else value) for name, value in values.items()}

    @property
    def owner_url(self) -> str:
        """By which the owner of the tables connects; where nobody separated the two, it is the application."""
        return self.database_owner_url or self.database_url

    @property
    def documents_dir(self) -> Path:
        return self.data_dir / "documents"

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "mail"

    @property
    def logs_dir(self) -> Path:
        return self.data_dir / "logs"

    @property
    def log_key_path(self) -> Path:
        return Path(self.log_key) if self.log_key else self.data_dir / "keys" / "log.pem"

    @property
    def demo_signing_key(self) -> Path:
        """Where the key of the demonstration authority is kept, on a machine of one's own."""
        return self.data_dir / "keys" / "demo.p12"

    @property
    def faults_dir(self) -> Path:
        return self.data_dir / "faults"

    @property
    def broker_url(self) -> str:
        return self._redis(0)

    @property
    def sessions_url(self) -> str:
        return self._redis(1)

    @property
    def limits_url(self) -> str:
        return self._redis(2)

    @property
    def seen_from_outside(self) -> bool:
        """Whether other machines reach this process, so that a secret made up on the spot will not do."""
        return bool(self.database_url) and (self.secure_cookies or self.host not in LOOPBACK)

    def _redis(self, database: int) -> str:
        """The one REDIS_URL, pointed at the numbered database: each use can be emptied without touching the others."""
        return urlunsplit(urlsplit(self.redis_url)._replace(path=f"/{database}"))


def normalised_database_url(url: str, *, name: str = "DATABASE_URL") -> str:
    """`postgres://` and `postgresql://` get the driver we use; other schemes are refused."""
    scheme, separator, rest = url.partition("://")
    if not url or url.startswith(DRIVER):
        return url
    if separator and scheme in {"postgres", "postgresql"}:
        return DRIVER + rest
    raise SettingsError(f"{name} no es de PostgreSQL. Escríbala así: postgresql://usuario:clave@servidor/base")


def checked_owner_url(url: str, database_url: str) -> str:
    """Both or neither: who owns one database and works on another one prepares what nobody uses."""
    if url and not database_url:
        raise SettingsError("DATABASE_OWNER_URL va junto con DATABASE_URL, que es la del rol con que se trabaja.")
    return normalised_database_url(url, name="DATABASE_OWNER_URL")


def checked_redis_url(url: str) -> str:
    if url and not (urlsplit(url).scheme in {"redis", "rediss"} and urlsplit(url).hostname):
        raise SettingsError("REDIS_URL no es de Valkey ni de Redis. Escríbala así: redis://servidor:6379")
    return url


def checked_timestamp_url(url: str) -> str:
    if url and not (urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname):
        raise SettingsError(
            "TIMESTAMP_URL no es de una autoridad de sellado. Escríbala así: https://sello.ejemplo.cl/tsa"
        )
    return url


def checked_mail_url(url: str) -> str:
    """A server's address with a scheme that we speak; a port that is no number is refused too."""
    try:
        where = urlsplit(url)
        is_good = where.scheme in {"smtp", "smtps"} and bool(where.hostname) and where.port != 0
    except ValueError:
        is_good = False
    if url and not is_good:
        raise SettingsError("MAIL_URL no es de un servidor de correo. Escríbala así: smtp://usuario:clave@servidor:587")
    return url


def checked_mail_from(sender: str, *, mail_url: str) -> str:
    """Who mail is from: one address, with a name before it or without."""
    if mail_url and not sender:
        raise SettingsError("Falta MAIL_FROM. Escriba de quién es el correo: Constancia <avisos@ejemplo.cl>")
    if sender and not (sender.isprintable() and ONE_ADDRESS.fullmatch(sender)):
        raise SettingsError("MAIL_FROM no es una dirección de correo. Escríbala así: Constancia <avisos@ejemplo.cl>")
    return sender


def checked_fault(text: str) -> str:
    try:
        faults.parse(text)
    except ValueError as wrong:
        raise SettingsError(str(wrong)) from wrong
    return text


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"{name} debe ser un número y es «{text}». Corríjalo o quítelo del entorno.")
    return int(text)
