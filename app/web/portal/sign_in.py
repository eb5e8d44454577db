"""Landing, login with RUT and Clave SENCE, ClaveÚnica's place and the way out."""

from collections.abc import Callable

from flask import Response as FlaskResponse
from flask import flash, g, make_response, redirect, render_template, request, session, url_for
from flask_limiter import RequestLimit
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from app.domain.permissions import Action
from app.domain.rut import InvalidRut, Rut
from app.services import accounts
from app.unit_of_work import unit_of_work
from app.web.access import PERSON, access
from app.web.access import sign_in as begin_session
from app.web.access import sign_out as end_session
from app.web.answering import problems
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.portal.blueprint import PREFIX, portal
from app.web.portal.sign_in_form import USER_KINDS, LoginForm
from app.web.protection import keyed_hash, limiter

WRONG = "El RUT o la Clave SENCE no son correctos. Revíselos e ingrese otra vez."
WAIT = "Hubo demasiados intentos fallidos. Espere quince minutos y vuelva a ingresar."
NOT_CONNECTED = "ClaveÚnica todavía no está conectada. Ingrese con su RUT y su Clave SENCE."
PER_RUT, PER_ADDRESS = "5 per 15 minutes", "30 per 15 minutes"
Page = Response | tuple[str, int]


@portal.get(f"{PREFIX}/")
@access(Action.ANYONE)
def landing() -> Page:
    if PERSON in session:
        return redirect(url_for("portal.select_profile"))
    return render_template("portal/landing.html"), 200


@portal.get("/")
@access(Action.ANYONE)
def root() -> Response:
    return redirect(url_for("portal.landing"))


def _failed(_: FlaskResponse) -> bool:
    return bool(g.get("login_failed", False))


def _typed_rut() -> str:
    """The counter of a RUT, however it is written; nobody can read the RUT from it."""
    try:
        return keyed_hash(f"login:{Rut.parse(request.form.get('RutUsuario', '')).body}")
    except InvalidRut:
        return keyed_hash("login:unreadable")


def _address() -> str:
    return keyed_hash(f"address:{get_remote_address()}")


def _wait(_: RequestLimit) -> FlaskResponse:
    return make_response(_refused_login(LoginForm(), WAIT, 429))


def _slowed(limit: str, key: Callable[[], str]) -> Callable[[Callable[[], Page]], Callable[[], Page]]:
    """After as many failures as `limit` says, the next attempts of that key wait; successes cost nothing."""
    return limiter.limit(limit, key_func=key, methods=["POST"], deduct_when=_failed, on_breach=_wait)


@portal.route(f"{PREFIX}/Login", methods=["GET", "POST"])
@access(Action.ANYONE)
@keeps_what_was_typed
@_slowed(PER_RUT, _typed_rut)
@_slowed(PER_ADDRESS, _address)
def login() -> Page:
    form = LoginForm()
    if not form.is_submitted():
        return redirect(url_for("portal.select_profile")) if PERSON in session else _login_page(form, (), 200)
    if not form.validate():
        return _login_page(form, problems(form), 422)

    with unit_of_work() as database:
        person = accounts.verify_cus(database, rut=form.rut(), cus=form.ClaveSence.data or "")
        known = (person.id, person.full_name) if person is not None else None
    if known is None:
        g.login_failed = True
        return _refused_login(form, WRONG, 401)
    begin_session(known[0], person_name=known[1], authenticated_by="cus")
    return redirect(url_for("portal.select_profile"), code=303)


@portal.post(f"{PREFIX}/ClaveUnica")
@access(Action.ANYONE)
def clave_unica() -> Response:
    flash(NOT_CONNECTED)
    return redirect(url_for("portal.login"), code=303)


@portal.get(f"{PREFIX}/CerrarSesion")
@access(Action.ANYONE)
def sign_out() -> Response:
    """A link, as the portal's clients expect it; all it can do to anybody is ask them to sign in again."""
    end_session()
    flash("Cerró su sesión.")
    return redirect(url_for("portal.landing"))


def _refused_login(form: LoginForm, sentence: str, status: int) -> Page:
    """The form as typed, without the key, and one sentence that fits a wrong RUT and a wrong key alike."""
    return _login_page(form, (FieldError(sentence, "#RutUsuario"),), status, sentence=sentence)


def _login_page(form: LoginForm, errors: tuple[FieldError, ...], status: int, *, sentence: str = "") -> Page:
    kinds = [(kind, kind) for kind in USER_KINDS]
    return render_template("portal/login.html", form=form, errors=errors, sentence=sentence, kinds=kinds), status
