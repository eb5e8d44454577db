"""Embedded PostgreSQL and Valkey: what an empty DATABASE_URL or REDIS_URL stands for on a machine with neither installed."""

import atexit
import secrets
from dataclasses import replace

from app.adapters.embedded.lease import Lease
from app.adapters.embedded.postgres import Postgres
from app.adapters.embedded.valkey import Valkey
from app.adapters.private_file import write_once
from app.config import Settings, SettingsError


def complete(settings: Settings) -> Settings:
    """`settings` with nothing left empty.

    An empty URL is filled by the servers of `data_dir`: those that already run there, or else started now. They stop
    when the last process that uses them ends. Raises SettingsError where a secret must be given and is not.
    """
    if not settings.secret_key:
        settings = replace(settings, secret_key=_secret_key(settings))
    if not settings.signing_key and not settings.seen_from_outside:
        # The demonstration authority, which `flask prepare` makes. Elsewhere nobody signs unless a key is named.
        passphrase = _made_once(settings, "signing_passphrase")
        settings = replace(settings, signing_key=str(settings.demo_signing_key), signing_passphrase=passphrase)
    if not settings.database_url:
        postgres = Postgres(settings.data_dir)
        atexit.register(Lease(postgres, settings.data_dir).release)
        settings = replace(settings, database_url=postgres.url, database_owner_url=postgres.owner_url)
    if not settings.redis_url:
        valkey = Valkey(settings.data_dir)
        atexit.register(Lease(valkey, settings.data_dir).release)
        settings = replace(settings, redis_url=valkey.url)
    return settings


def _secret_key(settings: Settings) -> str:
    """The key of this data folder, made once and readable by its owner only."""
    if settings.seen_from_outside:
        raise SettingsError("Falta SECRET_KEY. Genere una con `openssl rand -hex 32` y póngala en el entorno.")
    return _made_once(settings, "secret_key")


def _made_once(settings: Settings, name: str) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / name
    if not path.exists():
        write_once(path, secrets.token_hex(32).encode())
    return path.read_text()
