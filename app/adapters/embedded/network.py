"""Ports and addresses of the embedded servers."""

import socket
from pathlib import Path


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def write_url(path: Path, url: str) -> None:
    """Keep an address with its password for this folder's owner only, in one step."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=0o600)
    temporary.write_text(url)
    temporary.replace(path)
