"""Where the wheels that carry PostgreSQL and Valkey are; production does without them and gives URLs instead."""

from importlib.util import find_spec
from pathlib import Path

from app.config import SettingsError


def wheel_folder(package: str) -> Path:
    """The installed package's folder, found without running its code. Raises SettingsError if it is not there."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(
            "Faltan DATABASE_URL y REDIS_URL: aquí no están los servidores incluidos. Póngalas en el entorno."
        )
    return Path(spec.submodule_search_locations[0])
