"""A small application with one page that holds every component, for the tests of the look; no database in it."""

from pathlib import Path

from flask import Flask, Response, flash, g, render_template, request
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader

from app.domain.permissions import Actor, Profile
from app.web import templating
from app.web.context import FieldError
from app.web.setup import HEADERS

ROOT = Path(__file__).parents[2]
STATES = {
    "pending_issuance": "Certificado Pendiente de emitir",
    "issued": "Certificado Emitido",
    "pending_validation": "Certificado pendiente de validación",
    "approved_for_reissue": "Certificado aprobado para su Re-emisión",
    "rejected": "Certificado Rechazado",
    "voided": "Certificado Anulado",
}
INSTITUTIONS = {
    "73": [{"value": "76000006", "label": "Capacitación </script><b>Ñuble"}, {"value": "76000000", "label": "Otra"}],
    "80": [{"value": "1000005", "label": "OTIC de Prueba"}],
}


ROSA = Actor(
    person_id=1,
    person_name="Rosa Elena Ñancupil",
    profile=Profile.PROVIDER_NATIONAL_ADMIN,
    organisation_id=1,
    organisation_name="Capacitaciones de Prueba Limitada",
)


def create_specimen() -> Flask:
    """Pages: `/` (parameters `open errors flash inbox anonymous` turn parts on), `/resultado`, `/error/N`."""
    app = Flask("app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "app" / "static"))
    app.config.update(SECRET_KEY="specimen", TESTING=True)
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "templates"), FileSystemLoader(ROOT / "tests/web/templates")]
    )
    templating.install(app)
    CSRFProtect(app)
    app.after_request(_with_headers)
    app.add_url_rule("/", view_func=_page)
    app.add_url_rule("/resultado", view_func=_result)
    app.add_url_rule("/error/<int:status>", view_func=_error)
    return app


def _with_headers(response: Response) -> Response:
    response.headers.extend(HEADERS)
    return response


def _page() -> str:
    asked = request.args
    g.actor = None if "anonymous" in asked else ROSA
    g.inbox_count = 3 if "inbox" in asked else None
    if "flash" in asked:
        flash("Enviamos su solicitud a la Dirección Regional.", "success")
    errors = (FieldError("Ingrese el código del curso.", "#FilterCodigoCurso"),) if "errors" in asked else ()
    return render_template(
        "specimen.html",
        title="Busque la acción de capacitación",
        states=STATES,
        institutions=INSTITUTIONS,
        open="open" in asked,
        errors=errors,
    )


def _result() -> str:
    return '<p class="govuk-body" id="listo">El certificado está listo.</p>'


def _error(status: int) -> tuple[str, int]:
    return render_template(f"errors/{status}.html"), status
