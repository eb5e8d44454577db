"""What every page's frame needs to know: who is logged in, where one can go, what went wrong on the form."""

from dataclasses import dataclass
from typing import Any

from flask import g, request, session
from wtforms import Form

from app.domain.permissions import Action, Actor
from app.web.waiting import inbox_count

PORTAL = "/CertificadoAsistencia"
HOME_URL = f"{PORTAL}/"
SEARCH_URL = f"{PORTAL}/BusquedaAccion"
PROFILE_URL = f"{PORTAL}/SeleccionarPerfil"
SIGN_OUT_URL = f"{PORTAL}/CerrarSesion"
HELP_URL = f"{PORTAL}/Ayuda"
INBOX_URL = "/bandeja"
RECOMPUTATIONS_URL = "/recalculos"
POLICIES_URL = "/politicas"
PROCESSES_URL = "/procesos"
HOLIDAYS_URL = "/feriados"
INCIDENTS_URL = "/incidentes"
LETTERS_URL = "/correos"
LOG_URL = "/transparencia/"
VERIFICATION_URL = "/v/"


@dataclass(frozen=True)
class NavigationItem:
    text: str
    href: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class Layout:
    """The frame's own values; templates/layout/page.html reads nothing else but `title` and `errors`."""

    person_name: str | None
    profile: str | None
    organisation_name: str | None
    navigation: tuple[NavigationItem, ...]
    home_url: str = HOME_URL
    help_url: str = HELP_URL
    log_url: str = LOG_URL
    verification_url: str = VERIFICATION_URL
    profile_url: str = PROFILE_URL
    sign_out_url: str = SIGN_OUT_URL


@dataclass(frozen=True)
class FieldError:
    """One line of the error summary: the sentence and the field it leads to."""

    text: str
    href: str


def layout_context() -> dict[str, Any]:
    """Names every template may count on; reads `g.actor`."""
    actor: Actor | None = g.get("actor")
    return {"layout": _layout(actor, session.get("person_name"), inbox_count(), request.path), "errors": ()}


def field_errors(form: Form) -> tuple[FieldError, ...]:
    """The errors of a validated form for the summary, in the order of its fields."""
    return tuple(FieldError(str(field.errors[0]), f"#{field.id}") for field in form if field.errors)


def _layout(actor: Actor | None, person_name: str | None, waiting: int | None, path: str) -> Layout:
    if actor is None:
        return Layout(person_name=person_name, profile=None, organisation_name=None, navigation=())
    return Layout(
        person_name=actor.person_name,
        profile=actor.profile.label,
        organisation_name=actor.organisation_name,
        navigation=_navigation(actor, waiting, path),
    )


def _navigation(actor: Actor, waiting: int | None, path: str) -> tuple[NavigationItem, ...]:
    items = [_item("Búsqueda", SEARCH_URL, path)] if actor.may(Action.VIEW_COURSES) else []
    if actor.may(Action.OPERATE):
        items.append(_item("Incidentes", INCIDENTS_URL, path))
    if waiting is not None:
        items.append(_item("Bandeja", INBOX_URL, path, waiting))
    if actor.may(Action.RECOMPUTE):
        items.append(_item("Recálculos", RECOMPUTATIONS_URL, path))
    if actor.may(Action.MANAGE_POLICIES):
        items.append(_item("Políticas", POLICIES_URL, path))
    if actor.may(Action.MANAGE_HOLIDAYS):
        items.append(_item("Feriados", HOLIDAYS_URL, path))
    if actor.may(Action.VIEW_PROCESSES):
        items.append(_item("Procesos", PROCESSES_URL, path))
    if actor.may(Action.OPERATE):
        items.append(_item("Correos", LETTERS_URL, path))
    return tuple(items)


def _item(text: str, href: str, path: str, count: int | None = None) -> NavigationItem:
    return NavigationItem(text, href, current=path.lower().startswith(href.lower()), count=count)
