"""/v/: anybody finds a certificate by its code, proves one person by RUT and checks a PDF, without an account or a cookie."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_limiter.errors import RateLimitExceeded
from werkzeug.wrappers import Response

from app.domain.permissions import Action
from app.domain.rut import InvalidRut, Rut
from app.domain.verification_code import MistypedCode, read_code
from app.services import verification as certificates
from app.services.verification import PublicCertificate
from app.unit_of_work import reading
from app.web import uploads
from app.web.access import access
from app.web.context import FieldError
from app.web.protection import csrf, keyed_hash, limiter
from app.web.public import verification_told as told
from app.web.public.verification_told import Finding

verification = Blueprint("verification", __name__)
# Its forms change nothing of anybody's, so they need no token, and who opens them no session to keep one in.
csrf.exempt(verification)

LOOKS, FILES, TRIES = "60 per minute", "20 per minute", "5 per hour"
MEGABYTES = 5
LARGEST = MEGABYTES * 1024 * 1024
LONGEST_RUT = 20
UNKNOWN = "Ningún certificado tiene este código. Compárelo con el documento; si es igual, no lo acepte."
TOO_MANY = "Ya se hicieron cinco intentos con este código en una hora. Vuelva a intentar más tarde."
NO_FILE = "Elija el archivo PDF que le entregaron."
NOT_A_PDF = "El archivo no es un PDF. Elija el que le entregaron."
TOO_LONG = f"El archivo pesa más de {MEGABYTES} MB y ningún certificado pesa tanto. Elija el que le entregaron."
CODE, RUT, FILE = "codigo", "rut", "archivo"
Page = Response | tuple[str, int]
an_address = limiter.shared_limit(LOOKS, scope="verification")


@verification.after_request
def not_indexed(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@verification.get("/v/")
@access(Action.ANYONE)
@an_address
def start() -> Page:
    """A field for the code and one for the file; `?codigo=` leads to the certificate."""
    typed = request.args.get(CODE)
    if typed is None:
        return _start_page(), 200
    try:
        return redirect(url_for("verification.certificate", verification_code=read_code(typed)))
    except MistypedCode as mistake:
        return _start_page(typed, _error(mistake, CODE)), 422


@verification.get("/v/<verification_code>")
@access(Action.ANYONE)
@an_address
def certificate(verification_code: str) -> Page:
    """What the certificate is worth today."""
    return _about(verification_code, 200)


@verification.post("/v/<verification_code>/persona")
@access(Action.ANYONE)
@an_address
def person(verification_code: str) -> Page:
    """Whether a RUT is in the certificate. Five tries an hour for a code, whoever makes them."""
    typed = request.form.get(RUT, "")
    try:
        rut = Rut.parse(typed[:LONGEST_RUT])
    except InvalidRut as mistake:
        return _about(verification_code, 422, rut=typed, errors=_error(mistake, RUT))
    try:
        _count_try()
    except RateLimitExceeded:
        return _about(verification_code, 429, rut=typed, errors=(FieldError(TOO_MANY, f"#{RUT}"),))
    return _about(verification_code, 200, rut=typed, asked=rut)


def _tries_of_a_code() -> str:
    """One counter for a code, however it is written, and whether anybody has it or not."""
    try:
        return keyed_hash(f"person:{read_code((request.view_args or {})['verification_code'])}")
    except MistypedCode:
        return keyed_hash("person:unreadable")


@limiter.limit(TRIES, key_func=_tries_of_a_code)
def _count_try() -> None:
    """Counted before anything is looked up, and in Valkey, so that many at once are no way around it."""


@verification.post("/v/archivo", defaults={"verification_code": None})
@verification.post("/v/<verification_code>/archivo")
@access(Action.ANYONE)
@an_address
@limiter.limit(FILES)
@uploads.takes_files(LARGEST + 64 * 1024)
def file(verification_code: str | None) -> Page:
    """What a PDF is: the one that was stored, one that was changed, or none of ours."""
    sent = request.files.get(FILE)
    upload = uploads.read(sent, at_most=LARGEST) if sent else None
    if upload is None or not upload.data:
        return _refused_file(verification_code, NO_FILE)
    if len(upload.data) > LARGEST:
        return _refused_file(verification_code, TOO_LONG)
    if upload.content_type != uploads.PDF:
        return _refused_file(verification_code, NOT_A_PDF)
    with reading() as session:
        checked = certificates.check_file(session, upload.data)
    if verification_code is None:
        return _start_page(file_finding=told.file(checked, None)), 200
    return _about(verification_code, 200, file_checked=checked)


def _refused_file(verification_code: str | None, sentence: str) -> Page:
    errors = (FieldError(sentence, f"#{FILE}"),)
    if verification_code is None:
        return _start_page(errors=errors), 422
    return _about(verification_code, 422, errors=errors)


def _about(
    typed: str,
    status: int,
    *,
    rut: str = "",
    asked: Rut | None = None,
    file_checked: certificates.FileChecked | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Page:
    """The certificate's page; for a code that is none or that nobody has, the way to type another."""
    try:
        code = read_code(typed)
    except MistypedCode as mistake:
        return _start_page(typed, _error(mistake, CODE)), 404
    with reading() as session:
        found = certificates.look_up(session, code)
        shown = certificates.attendance_of(session, code, asked) if asked is not None else None
    if found is None:
        return _start_page(typed, (FieldError(UNKNOWN, f"#{CODE}"),)), 404
    return render_template(
        "public/certificate.html",
        **_told(found),
        rut=rut,
        person=told.person(shown) if asked is not None else None,
        file=told.file(file_checked, code) if file_checked is not None else None,
        megabytes=MEGABYTES,
        errors=errors,
    ), status


def _told(found: PublicCertificate) -> dict[str, Any]:
    return {"code": found.code, "standing": told.standing(found), "facts": told.facts(found)}


def _start_page(typed: str = "", errors: tuple[FieldError, ...] = (), *, file_finding: Finding | None = None) -> str:
    return render_template(
        "public/verification.html", typed=typed, errors=errors, file=file_finding, megabytes=MEGABYTES
    )


def _error(mistake: ValueError, field: str) -> tuple[FieldError, ...]:
    return (FieldError(str(mistake), f"#{field}"),)
