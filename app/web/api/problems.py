"""What a machine is told when a request cannot be taken: problem+json (RFC 9457) with a code that does not change."""

import json
import logging

from flask import Response
from flask_limiter.errors import RateLimitExceeded
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.domain.errors import Refusal

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
OUTAGE = (
    "No se sabe si el lote quedó registrado. Envíelo de nuevo con la misma Idempotency-Key: no se registra dos veces."
)
CODES = {
    404: ("not_found", "No existe", "No hay nada en esta dirección. Revísela."),
    405: ("method_not_allowed", "Método no admitido", "Esta dirección solo recibe POST."),
    413: ("too_large", "Lote demasiado grande", "El lote pesa más de 2 MB. Divídalo y envíelo en partes."),
    500: ("internal_error", "Error interno", "No se guardó nada. Envíe otra vez el mismo lote con la misma clave."),
    503: ("unavailable", "No disponible por un momento", OUTAGE),
}
logger = logging.getLogger(__name__)


class Problem(Exception):
    """A request refused whole; nothing of it was done."""

    def __init__(self, status: int, code: str, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.title, self.detail = status, code, title, detail


def answer(problem: Problem) -> Response:
    body = {
        "type": f"urn:constancia:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    response = Response(json.dumps(body, ensure_ascii=False), status=problem.status, mimetype=MEDIA_TYPE)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="constancia"'
    return response


def of_http(error: HTTPException) -> Response:
    status = error.code or 500
    code, title, detail = CODES.get(status, ("bad_request", "Solicitud no admitida", "Revise la solicitud."))
    return answer(Problem(status, code, title, detail))


def of_refusal(refusal: Refusal) -> Response:
    return answer(Problem(422, "idempotency_key_reused", "Clave ya usada", refusal.sentence))


def of_limit(_error: RateLimitExceeded) -> Response:
    response = answer(
        Problem(
            429, "too_many_requests", "Demasiadas solicitudes", "Son demasiadas solicitudes. Espere un minuto y siga."
        )
    )
    response.headers["Retry-After"] = "60"
    return response


def of_outage(error: OperationalError) -> Response:
    logger.error("the database is out of reach", exc_info=error)
    response = answer(Problem(503, "unavailable", "No disponible por un momento", OUTAGE))
    response.headers["Retry-After"] = "5"
    return response
