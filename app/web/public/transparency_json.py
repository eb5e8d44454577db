"""The public log for programs: heads, proofs and keys; nothing else than hashes, signatures and instants."""

from typing import Any

from flask import Response, request

from app.adapters.log_key import as_pem
from app.domain.errors import NotFound
from app.domain.permissions import Action
from app.models import LogKey
from app.services import transparency
from app.services.transparency import heads, proofs, telling
from app.unit_of_work import reading
from app.web.access import access
from app.web.api.problems import Problem
from app.web.protection import limiter
from app.web.public.asked import SIZE, CannotTell, head_of, two_heads
from app.web.public.blueprint import machines

AN_ADDRESS = "120 per minute"
NO_HEAD = (
    "head_unknown",
    "No hay tal cabeza",
    "No hay una cabeza firmada con ese número. Pida /transparencia/cabeza.json.",
)
NO_HEAD_YET = ("no_head_yet", "Sin cabezas", "Todavía no hay una cabeza firmada. Vuelva a pedirla en un minuto.")
NO_LEAF = (
    "leaf_unknown",
    "No hay tal hoja",
    "Ninguna hoja firmada tiene esa huella. Revise la huella o espere un minuto.",
)
NO_KEY = ("key_unknown", "No hay tal llave", "Ninguna cabeza se firmó con esa llave. Revise su huella.")


@machines.get("/transparencia/cabeza.json")
@access(Action.ANYONE)
@limiter.limit(AN_ADDRESS)
def latest_head() -> dict[str, Any]:
    """The newest head."""
    with reading() as session:
        head = transparency.latest(session)
        if head is None:
            raise Problem(404, *NO_HEAD_YET)
        return telling.head(head)


@machines.get("/transparencia/cabezas/<int:number>.json")
@access(Action.ANYONE)
@limiter.limit(AN_ADDRESS)
def head(number: int) -> dict[str, Any]:
    """The head of a number."""
    with reading() as session:
        found = heads.get(session, number) if number < 2**62 else None
        if found is None:
            raise Problem(404, *NO_HEAD)
        return telling.head(found)


@machines.get("/transparencia/prueba/<leaf_hash>.json")
@access(Action.ANYONE)
@limiter.limit(AN_ADDRESS)
def inclusion(leaf_hash: str) -> dict[str, Any]:
    """That the leaf is under the newest head, or under the one of `?hojas=`."""
    try:
        with reading() as session:
            leaf = proofs.leaf_by_hash(session, _digest(leaf_hash))
            under = head_of(session, request.args, SIZE) if SIZE in request.args else transparency.latest(session)
            if under is None:
                raise NotFound
            return telling.inclusion(transparency.inclusion(session, leaf, under))
    except NotFound as missing:
        raise Problem(404, *NO_LEAF) from missing
    except CannotTell as problem:
        raise _problem(problem) from problem


@machines.get("/transparencia/consistencia.json")
@access(Action.ANYONE)
@limiter.limit(AN_ADDRESS)
def consistency() -> dict[str, Any]:
    """That the head of `?hasta=` leaves continues the one of `?desde=`."""
    try:
        with reading() as session:
            return telling.consistency(transparency.consistency(session, *two_heads(session, request.args)))
    except CannotTell as problem:
        raise _problem(problem) from problem


@machines.get("/transparencia/llaves/<key_id>.pem")
@access(Action.ANYONE)
@limiter.limit(AN_ADDRESS)
def public_key(key_id: str) -> Response:
    """A key that heads were signed with, for openssl and the verifier."""
    with reading() as session:
        key = session.get(LogKey, key_id) if key_id.isascii() and key_id.isalnum() else None
        if key is None:
            raise Problem(404, *NO_KEY)
        pem = as_pem(key.public_key)
    return Response(pem, mimetype="application/x-pem-file")


def _digest(text: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        detail = "La huella de una hoja son 64 cifras hexadecimales. Revísela."
        raise Problem(422, "hash_unreadable", "Huella ilegible", detail)
    return digest


def _problem(problem: CannotTell) -> Problem:
    return Problem(422, problem.code, "Pregunta sin respuesta", problem.sentence)
