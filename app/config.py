"""Settings: read once from the environment, named, typed and documented in `.env.example`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Everything that differs between a laptop, a test and production. An empty URL means the embedded server."""

    database_url: str = ""
    redis_url: str = ""
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = ""
    secure_cookies: bool = False
    workers: int = 1

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Each field from the variable of its name in capitals. Raises ValueError for a port that is no number."""
        port = int(environ.get("PORT", cls.port))
        return cls(
            database_url=environ.get("DATABASE_URL", cls.database_url),
            redis_url=environ.get("REDIS_URL", cls.redis_url),
            data_dir=Path(environ.get("DATA_DIR", cls.data_dir)).resolve(),
            host=environ.get("HOST", cls.host),
            port=port,
            base_url=environ.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            secret_key=environ.get("SECRET_KEY", cls.secret_key),
            secure_cookies=environ.get("SECURE_COOKIES", "0") == "1",
            workers=int(environ.get("WORKERS", cls.workers)),
        )

    @property
    def documents_dir(self) -> Path:
        return self.data_dir / "documents"
