"""Where a built style sheet, script or picture is served from: names in, addresses with a content hash out."""

import json
from functools import cache
from pathlib import Path

from flask import Response, request, url_for

DIST = Path(__file__).parents[1] / "static" / "dist"


class MissingAssetError(RuntimeError):
    """The front end has not been built on this machine, or the page names an asset it does not make."""


@cache
def _manifest(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise MissingAssetError(f"{path} does not exist: run `npm ci && npm run build` in frontend/.")
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def hashed_name(name: str, dist: Path = DIST) -> str:
    """The file under `dist` that holds the asset `name` today. Raises MissingAssetError if there is none."""
    manifest = _manifest(dist / "manifest.json")
    if name not in manifest:
        known = ", ".join(sorted(manifest))
        raise MissingAssetError(
            f"The front end makes no {name!r} (it makes: {known}): run `npm run build` in frontend/."
        )
    return manifest[name]


def asset_url(name: str) -> str:
    """The address of the asset `name`; its content never changes, so browsers may keep it for ever."""
    return url_for("static", filename=f"dist/{hashed_name(name)}")


def keep_for_ever(response: Response) -> Response:
    """After a request: what carries a hash in its name may stay in browsers' caches for a year, without asking again."""
    path = request.path.partition("/static/dist/")[2]
    if path and path != "manifest.json" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
