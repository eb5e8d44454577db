"""A real SMTP server on loopback: it keeps what it takes, and can be told to refuse, to delay and to hang up."""

import socket
import ssl
from asyncio import Transport
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import Flask

from app.adapters.mail import PostOffice, Smtp

# A certificate for 127.0.0.1 that nobody trusts unless told to, with its key; it protects nothing.
CERTIFICATE = Path(__file__).with_name("loopback.pem")
SENDER = "Constancia <avisos@constancia.example>"
USER, PASSWORD = "constancia", "cl@ve: con/todo"


@dataclass
class Post:
    """What a server took, and how it is to answer: by command, an SMTP answer, or HANG_UP."""

    messages: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    signed_in: list[bool] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    def _answer(self, command: str, server: SMTP, otherwise: str) -> str:
        answer = self.answers.get(command, otherwise)
        if answer is HANG_UP:
            line_of(server).abort()
        return answer

    # The names of these four are the library's.
    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT", server, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer.format(address=address)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._answer("MAIL", server, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._answer("DATA", server, "250 OK")
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.signed_in.append(bool(session.authenticated))
            self.encrypted.append(line_of(server).get_extra_info("sslcontext") is not None)
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return self._answer("QUIT", server, "221 Bye")


def line_of(server: SMTP) -> Transport:
    assert isinstance(server.transport, Transport)
    return server.transport


HANG_UP = "421 Hung up"
Serve = Callable[..., Post]


@pytest.fixture
def mail_server() -> Iterator[Serve]:
    """`mail_server()` starts one; `tls="starttls"` or `"implicit"`, `password=True` for one that wants the password."""
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(_serving(**how))


@pytest.fixture
def post(app: Flask, mail_server: Serve, monkeypatch: pytest.MonkeyPatch) -> Post:
    """The application's mail goes to a server on loopback."""
    server = mail_server()
    office = PostOffice(Smtp(f"smtp://127.0.0.1:{server.port}"), SENDER, "https://constancia.example")
    monkeypatch.setitem(app.extensions, "post_office", office)
    return server


@contextmanager
def _serving(*, tls: str = "", password: bool = False) -> Iterator[Post]:
    post = Post(port=free_port())
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=post.port,
        **_tls(tls),
        **(_wants_password(implicit=tls == "implicit") if password else {}),
    )
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def _tls(kind: str) -> dict[str, Any]:
    if not kind:
        return {}
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return {"ssl_context": context} if kind == "implicit" else {"tls_context": context}


def _wants_password(*, implicit: bool) -> dict[str, Any]:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and given == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    # Behind implicit TLS the library does not see that the line is encrypted.
    return {"authenticator": check, "auth_required": True, "auth_require_tls": not implicit}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
