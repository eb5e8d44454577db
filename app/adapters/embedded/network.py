"""Ports and addresses of the embedded servers."""

import socket
from pathlib import Path
from urllib.parse import urlsplit


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def port_again(url_file: Path) -> int:
    """The port of the server that was killed here, so that who still has its address finds it again; else a free one."""
    port = urlsplit(url_file.read_text()).port if url_file.exists() else None
    return port if port is not None and is_free(port) else free_port()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As a server does: what lingers of the killed one's connections is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def write_url(path: Path, url: str) -> None:
    """Keep an address with its password for this folder's owner only, in one step."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=0o600)
    temporary.write_text(url)
    temporary.replace(path)
