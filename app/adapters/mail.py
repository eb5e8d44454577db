"""Mail on its way out: by SMTP to the server that MAIL_URL names or, where it names none, into a folder."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.adapters.mail_folder import MailFolder
from app.config import LOOPBACK, Settings
from app.domain.errors import EffectFailed

# For each answer of the server, of which a letter needs seven. A try that lasts is stopped by the queue's own limit.
TIMEOUT_S = 8
SUBMISSION = 587
# Who mail is from where nobody is reached by it.
NOBODY = "Constancia <constancia@localhost>"

ADDRESS_REFUSED = (
    "El servidor de correo no aceptó la dirección de la persona (código {code}). Corrija su correo y reintente."
)
LETTER_REFUSED = (
    "El servidor de correo no aceptó el mensaje (código {code}). Pregunte la razón a quien lo administra y reintente."
)
NOT_NOW = "El servidor de correo pidió intentarlo más tarde (código {code}). Reintente en un rato."
WE_REFUSED = (
    "El servidor de correo no aceptó a Constancia (código {code}). Revise el usuario y la clave de MAIL_URL, "
    "y la dirección de MAIL_FROM; luego reintente."
)
AWAY = "No se pudo hablar con el servidor de correo. Revise MAIL_URL y que el servidor esté en marcha; luego reintente."
UNTRUSTED = "El certificado del servidor de correo no es de confianza, y no se le entregó nada. Corríjalo y reintente."
IN_CLEAR = (
    "El servidor de correo no ofrece STARTTLS y nada se le entrega sin cifrar. Actívelo, o use smtps:// en MAIL_URL."
)


class Transport(Protocol):
    """Takes a letter over for good, or raises EffectFailed. The same letter may be handed over twice."""

    def send(self, message: EmailMessage) -> None: ...


@dataclass(frozen=True)
class Smtp:
    """A mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…`.

    Nothing goes out unencrypted, nor to a server whose certificate is not good, except to one on this very machine.
    """

    url: str = field(repr=False)

    def send(self, message: EmailMessage) -> None:
        # Without the cause: what a server answers quotes the address, and a log holds none.
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _refused(ADDRESS_REFUSED, min(code for code, _ in refusal.recipients.values())) from None
        except smtplib.SMTPDataError as refusal:
            raise _refused(LETTER_REFUSED, refusal.smtp_code) from None
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as refusal:
            raise EffectFailed(WE_REFUSED.format(code=refusal.smtp_code)) from None
        except ssl.SSLCertVerificationError:
            raise EffectFailed(UNTRUSTED) from None
        except (smtplib.SMTPException, OSError):
            raise EffectFailed(AWAY) from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._open()
        try:
            self._sign_in(server)
            yield server
            # The letter is theirs by now: whatever happens to the farewell does not bring it back.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        where = urlsplit(self.url)
        host = where.hostname or ""
        if where.scheme == "smtps":
            port = where.port or smtplib.SMTP_SSL_PORT
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        server = smtplib.SMTP(host, where.port or SUBMISSION, timeout=TIMEOUT_S)
        try:
            server.ehlo_or_helo_if_needed()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif host not in LOOPBACK:
                raise EffectFailed(IN_CLEAR)
        except BaseException:
            server.close()
            raise
        return server

    def _sign_in(self, server: smtplib.SMTP) -> None:
        where = urlsplit(self.url)
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))


def _refused(sentence: str, code: int) -> EffectFailed:
    """A code of 500 and over is for good; one under it means later."""
    if code >= 500:
        return EffectFailed(sentence.format(code=code), for_good=True)
    return EffectFailed(NOT_NOW.format(code=code))


@dataclass(frozen=True)
class PostOffice:
    """All that sending a letter needs: how it goes out, whom it is from and the site its links lead to."""

    transport: Transport
    sender: str
    site: str


def post_office(settings: Settings) -> PostOffice:
    transport: Transport = Smtp(settings.mail_url) if settings.mail_url else MailFolder(settings.mail_dir)
    return PostOffice(transport, settings.mail_from or NOBODY, settings.base_url)
