"""The page of a course as tests read it: its buttons, its grids, and somebody looking at it."""

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from app.domain.permissions import Profile
from app.models import Organisation, TrainingAction
from tests.factories import PersonFactory
from tests.web.visitor import Visitor

ADMIN = Profile.PROVIDER_NATIONAL_ADMIN
GENERATE, ANNUL, VIEW = "Generar Certificado", "Solicitud de anulación certificado", "Ver"
REQUEST, DOWNLOAD = "Ver la solicitud", "Descargar Asistencia Total"


def address(action: TrainingAction) -> str:
    return f"/acciones/{action.code}"


def visit(
    client: FlaskClient, profile: Profile, organisation: Organisation | None = None, region: str | None = None
) -> Visitor:
    """Somebody new in that profile."""
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(profile, organisation, region)]), profile, organisation)
    return visitor


def see(client: FlaskClient, action: TrainingAction) -> BeautifulSoup:
    """The course as its own institution's administrator sees it."""
    return visit(client, ADMIN, action.otec).read(address(action))


def buttons(page: BeautifulSoup) -> list[str]:
    return [tag.text.strip() for tag in page.select("main .govuk-button-group a")]


def rows(page: BeautifulSoup, table: str = "#listado-de-participantes") -> list[list[str]]:
    return [[" ".join(cell.text.split()) for cell in row.select("td")] for row in page.select(f"{table} tbody tr")]
