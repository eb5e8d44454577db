"""Why something failed: one sentence for whoever can mend it, and the place in our code without any of its values."""

import errno
import smtplib
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.domain.errors import EffectFailed, NotFound, Refusal

ROOT = Path(__file__).parents[2]
RETRY_ONE = "Reintente; si se repite, pase el detalle técnico a soporte."

STORAGE_FULL = "No queda espacio donde se guardan los archivos. Libere o agregue espacio y reintente."
FILE_TOO_LARGE = "El servidor no permite guardar archivos de ese tamaño. Suba ese límite y reintente."
NO_PERMISSION = (
    "El servidor no tiene permiso para escribir donde se guardan los archivos. Corrija el permiso y reintente."
)
DATABASE_GONE = "La base de datos no respondió. Cuando vuelva a responder, reintente."
DATABASE_REFUSED = f"La base de datos no aceptó lo que se iba a guardar. {RETRY_ONE}"
MAIL_REFUSED_US = "El servidor de correo no aceptó la conexión o la clave. Revise MAIL_URL y reintente."
MAIL_REFUSED_LETTER = "El servidor de correo no aceptó el mensaje. Revise la dirección de quien lo recibe y reintente."
NO_CONNECTION = "No se pudo conectar con otro servidor. Revise que esté en marcha y reintente."
TOO_LONG = "El trabajo tardó más de lo permitido y se detuvo. Reintente en un momento de menos carga."
WORKER_LOST = (
    "El trabajador se detuvo mientras hacía este trabajo y se agotaron los tres intentos. "
    "Revise la memoria y los registros del servidor y reintente."
)
NO_MEMORY = "Al trabajador no le alcanzó la memoria. Dele más o reintente cuando haya menos carga."
NOT_THERE = (
    "Falta aquello sobre lo que era el trabajo, o quien lo pidió ya no tiene acceso. Si no hace falta, descártelo."
)
NOT_ALLOWED_NOW = "Las reglas ya no permiten hacer este trabajo. Si no hace falta, descártelo."
UNKNOWN = f"El trabajo falló por un error del programa. {RETRY_ONE}"


class TookTooLong(Exception):
    """A try went over its time and was stopped."""


class WorkerLost(Exception):
    """The last try ended with its worker."""


@dataclass(frozen=True)
class Reason:
    """`sentence` is for people; `detail` says type and place; `is_final` if another try would be the same."""

    sentence: str
    detail: str
    is_final: bool = False


def of(error: BaseException) -> Reason:
    """The reason of an error. Neither text holds anything the error quotes, for that may be somebody's name."""
    return Reason(_sentence(error), _detail(error), isinstance(error, EffectFailed) and error.for_good)


def _sentence(error: BaseException) -> str:
    if isinstance(error, EffectFailed):
        return error.reason
    for types, sentence in _KNOWN:
        if isinstance(error, types):
            return sentence
    if isinstance(error, OSError):
        return _OF_THE_SYSTEM.get(error.errno or 0, UNKNOWN)
    return UNKNOWN


# In order: a type before those it is a kind of.
_KNOWN: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (WorkerLost, WORKER_LOST),
    (TookTooLong, TOO_LONG),
    ((smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError), MAIL_REFUSED_LETTER),
    (smtplib.SMTPException, MAIL_REFUSED_US),
    (OperationalError, DATABASE_GONE),
    ((IntegrityError, DBAPIError), DATABASE_REFUSED),
    (PermissionError, NO_PERMISSION),
    ((ConnectionError, TimeoutError), NO_CONNECTION),
    (MemoryError, NO_MEMORY),
    (NotFound, NOT_THERE),
    (Refusal, NOT_ALLOWED_NOW),
)
_OF_THE_SYSTEM = {
    errno.ENOSPC: STORAGE_FULL,
    errno.EDQUOT: STORAGE_FULL,
    errno.EFBIG: FILE_TOO_LARGE,
    errno.EROFS: NO_PERMISSION,
    errno.ENETUNREACH: NO_CONNECTION,
    errno.EHOSTUNREACH: NO_CONNECTION,
}


def _detail(error: BaseException) -> str:
    """`IntegrityError (23505, uq_document_sha256) en app/services/documents.py:41, render`; the cause after it, if any."""
    told = f"{type(error).__qualname__}{_numbers(error)}{_place(error)}"
    return f"{told}; por {_detail(error.__cause__)}" if error.__cause__ is not None else told


def _numbers(error: BaseException) -> str:
    """The codes of an error, which quote nobody."""
    found = ", ".join(str(code) for code in _codes(error) if code)
    return f" ({found})" if found else ""


def _codes(error: BaseException) -> Iterator[str | int | None]:
    if isinstance(error, smtplib.SMTPResponseException):
        yield error.smtp_code
    elif isinstance(error, OSError) and error.errno is not None:
        yield errno.errorcode.get(error.errno, str(error.errno))
    elif isinstance(error, DBAPIError):
        yield getattr(error.orig, "sqlstate", None)
        yield getattr(getattr(error.orig, "diag", None), "constraint_name", None)


def trail(error: BaseException) -> list[str]:
    """The way to the error, line by line and without its message, for the log."""
    return [f"{_short(frame.filename)}:{frame.lineno}, {frame.name}" for frame in _frames(error)]


def _place(error: BaseException) -> str:
    """The innermost line of our own code on the way to the error."""
    ours = [frame for frame in _frames(error) if not _short(frame.filename).startswith("/")]
    return f" en {_short(ours[-1].filename)}:{ours[-1].lineno}, {ours[-1].name}" if ours else ""


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)


def _short(filename: str) -> str:
    """From the root of the project for our files, whole for those of libraries."""
    path = Path(filename)
    is_ours = path.is_relative_to(ROOT) and "site-packages" not in path.parts
    return path.relative_to(ROOT).as_posix() if is_ours else filename
