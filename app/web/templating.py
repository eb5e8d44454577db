"""How Jinja is set up: strict names in our templates, the govuk-frontend macros beside them."""

from collections.abc import MutableMapping
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, StrictUndefined, Template, Undefined

from app.web.assets import asset_url, keep_for_ever
from app.web.context import layout_context

MACROS = "govuk_frontend_jinja"


class StrictEnvironment(Environment):
    """An undefined name is an error, except inside the govuk-frontend macros, whose parameters are all optional."""

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        if isinstance(name, str) and name.startswith(f"{MACROS}/") and not self.overlayed:
            return self._lenient().get_template(name, parent, globals)
        return super().get_template(name, parent, globals)

    def _lenient(self) -> Environment:
        if not hasattr(self, "_lenient_overlay"):
            self._lenient_overlay = self.overlay(undefined=Undefined)
        return cast(Environment, self._lenient_overlay)


def install(app: Flask) -> None:
    """Give `app` the strict environment, the macros, `asset_url` with its caching, and the layout's context.

    To be called before any extension touches `app.jinja_env` (CSRFProtect does), which fixes its class for good.
    """
    if "jinja_env" in vars(app):
        raise RuntimeError("templating.install(app) must come before the extensions that touch app.jinja_env.")

    app.jinja_environment = StrictEnvironment
    app.jinja_options = {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    own = app.jinja_loader
    app.jinja_loader = ChoiceLoader([*([own] if own else []), PrefixLoader({MACROS: PackageLoader(MACROS)})])
    app.add_template_global(asset_url)
    app.context_processor(layout_context)
    app.after_request(keep_for_ever)
