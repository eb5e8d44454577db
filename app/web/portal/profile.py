"""Seleccione Perfil y entidad capacitadora: in which profile, for whom and for which kind of document the session goes on."""

from collections import defaultdict
from typing import Any

from flask import g, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from app.domain.permissions import Action, Profile
from app.services import profiles
from app.services.profiles import Choice
from app.unit_of_work import reading
from app.web import unsent, wanted
from app.web.access import ORGANISATION, PERSON, PROFILE, access
from app.web.answering import problems
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.portal.blueprint import PREFIX, portal
from app.web.portal.selection import forget_selection

CERTIFICATE, AFFIDAVIT = "1", "2"
DESTINATIONS = ((CERTIFICATE, "Certificado de asistencia"), (AFFIDAVIT, "Declaración jurada e-learning"))
NOT_YET = "La declaración jurada e-learning todavía no está disponible aquí. Elija «Certificado de asistencia»."
UNKNOWN = "Elija un perfil y una entidad de la lista."
NOTHING_GRANTED = "Su RUT no tiene perfiles. Pida uno a quien administra su institución, y vuelva a ingresar."
Errors = tuple[FieldError, ...]
Page = Response | tuple[str, int]


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """The choices depend on the person, so the view checks them."""

    Perfiles = StringField("Perfil", id="cmbPerfiles")
    Instituciones = StringField("Entidad capacitadora", id="cmbInstituciones")
    Destino = StringField("Destino", id="cmdDestino", default=CERTIFICATE)


@portal.route(f"{PREFIX}/SeleccionarPerfil", methods=["GET", "POST"])
@access(Action.SIGNED_IN)
@keeps_what_was_typed
def select_profile() -> Page:
    """Everything in one step with script; without it the profile first, then its institution."""
    form = ProfileForm()
    with reading() as database:
        choices = profiles.choices_of(database, session[PERSON])
    if not form.is_submitted():
        _preselect(form, choices)
        return _page(form, choices, (), 200)
    if not form.validate():
        return _page(form, choices, problems(form), 422)

    of_profile = [choice for choice in choices if choice.profile.portal_value == form.Perfiles.data]
    if of_profile and not form.Instituciones.data and len(of_profile) > 1:
        return _page(form, choices, (), 200)
    return _chosen(form, choices, of_profile)


def _chosen(form: ProfileForm, choices: list[Choice], of_profile: list[Choice]) -> Page:
    matching = [choice for choice in of_profile if choice.institution_value == form.Instituciones.data]
    if not form.Instituciones.data:
        matching = of_profile
    if not matching:
        return _page(form, choices, (FieldError(UNKNOWN, "#cmbPerfiles"),), 422)
    if AFFIDAVIT in (form.Destino.data, request.form.get("Rbtn_Destino")):
        # The only one there is comes back chosen: what remains to do is press the button.
        form.Destino.data = CERTIFICATE
        return _page(form, choices, (FieldError(NOT_YET, "#Rbtn_Destino_1"),), 422)

    choice = matching[0]
    forget_selection()
    session[PROFILE] = choice.profile.value
    session[ORGANISATION] = choice.organisation.id if choice.organisation else None
    return redirect(unsent.return_address() or wanted.taken() or _home_of(choice.profile), code=303)


def _home_of(profile: Profile) -> str:
    """Where the work of a profile begins."""
    if profile is Profile.REGIONAL_DIRECTOR:
        return url_for("inbox.index")
    if profile is Profile.OPERATOR:
        return url_for("operations.incidents")
    if profile is Profile.PROCESS_ANALYST:
        return url_for("studio.processes")
    return url_for("portal.search")


def _preselect(form: ProfileForm, choices: list[Choice]) -> None:
    """What is in use now; else, where there is only one of something, there is nothing to choose."""
    if g.actor is not None:
        form.Perfiles.data = g.actor.profile.portal_value
        in_use = [choice for choice in choices if choice.profile is g.actor.profile]
        form.Instituciones.data = next(
            (c.institution_value for c in in_use if (c.organisation and c.organisation.id) == g.actor.organisation_id),
            None,
        )
        return
    if len({choice.profile for choice in choices}) == 1:
        form.Perfiles.data = choices[0].profile.portal_value
        form.Instituciones.data = choices[0].institution_value if len(choices) == 1 else None


def _page(form: ProfileForm, choices: list[Choice], errors: Errors, status: int) -> Page:
    if not choices:
        return render_template("portal/nothing_yet.html", sentence=NOTHING_GRANTED), 200
    page = render_template("portal/profile.html", form=form, errors=errors, **_options(form, choices))
    return page, status


def _options(form: ProfileForm, choices: list[Choice]) -> dict[str, Any]:
    by_profile: dict[str, list[dict[str, str]]] = defaultdict(list)
    for choice in choices:
        option = {"value": choice.institution_value, "label": choice.institution_name}
        by_profile[choice.profile.portal_value].append(option)
    labels = {choice.profile.portal_value: choice.profile.label for choice in choices}
    chosen = by_profile.get(form.Perfiles.data or "", [])
    institutions = [(option["value"], option["label"]) for option in chosen]
    return {
        "by_profile": by_profile,
        "destinations": DESTINATIONS,
        "profile_items": _with_placeholder(list(labels.items()), "Seleccione"),
        "institution_items": _with_placeholder(
            institutions, "Seleccione" if institutions else "Seleccione primero un perfil"
        ),
        "second_step": form.is_submitted() and bool(institutions) and not form.Instituciones.data,
    }


def _with_placeholder(items: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    return items if len(items) == 1 else [("", text), *items]
