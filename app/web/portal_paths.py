"""The portal's addresses as its clients write them: in any case, with or without the final slash."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/certificadoasistencia"


class PortalPaths:
    """WSGI middleware that turns a portal path into the one spelling the routes know."""

    def __init__(self, app: Flask) -> None:
        self._next: WSGIApplication = app.wsgi_app
        rules = (rule.rule for rule in app.url_map.iter_rules() if not rule.arguments)
        self._spelling = {_folded(rule): rule for rule in rules if _folded(rule).startswith(PREFIX)}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        environ["PATH_INFO"] = self._spelling.get(_folded(path), path)
        return self._next(environ, start_response)


def _folded(path: str) -> str:
    return path.rstrip("/").lower()
