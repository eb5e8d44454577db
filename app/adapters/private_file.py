"""Secrets as files: readable by their owner only, written whole and never over another."""

import os
from pathlib import Path


def write_once(path: Path, content: bytes) -> bool:
    """Whether the file was made; False, and nothing is done, if there is one. Nobody ever reads half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_bytes(content)
    try:
        # Two processes may do this at once: the first link wins.
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    return True
