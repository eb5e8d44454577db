"""Letters: plain values into the words of templates/mail, as plain text and as HTML, and into one message."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.printable import printable

FOLDER = Path(__file__).resolve().parents[2] / "templates"


def _environment(*, is_html: bool) -> Environment:
    """One for each form: the words are the same file, escaped in one and as they are in the other."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=is_html,  # noqa: S701 -- plain text is escaped for nobody
        trim_blocks=True,
        lstrip_blocks=True,
    )


_TEXT, _HTML = _environment(is_html=False), _environment(is_html=True)


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def written(template: str, values: Mapping[str, Any]) -> Letter:
    """The letter in both forms. Raises UndefinedError for a word without its value.

    No value can break a line: what comes from outside is made one line first.
    """
    plain = {"words_of": f"mail/words/{template}.jinja", **{name: _one_line(value) for name, value in values.items()}}
    subject = _TEXT.get_template("mail/subject.txt").render(plain)
    return Letter(
        subject=" ".join(subject.split()),
        text=_TEXT.get_template("mail/letter.txt").render(plain),
        html=_HTML.get_template("mail/letter.html").render(plain),
    )


def _one_line(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_one_line(one) for one in value]
    if isinstance(value, dict):
        return {name: _one_line(one) for name, one in value.items()}
    return printable(value) if isinstance(value, str) else value


def address_of(name: str, addr_spec: str) -> Address | None:
    """The address of a person, its domain as the network writes it; None for one that no mail can go to."""
    local, _, domain = addr_spec.strip().rpartition("@")
    if not local or not domain:
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        address = Address(printable(name), addr_spec=f"{local}@{ascii_domain}")
    except (UnicodeError, ValueError, HeaderParseError):
        return None
    return address if address.username.isascii() else None


def as_message(letter: Letter, *, identity: str, sender: str, to: Address, written_at: datetime) -> EmailMessage:
    """The message, the same to the last byte whenever it is made again from the same letter.

    Its Message-ID follows from the effect's identity: two deliveries of one letter are recognised as one.
    """
    mark = hashlib.sha256(identity.encode()).hexdigest()[:32]
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = letter.subject
    message["Date"] = written_at
    message["Message-ID"] = f"<{mark}@{message['From'].addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = "es"
    message.set_boundary(f"constancia-{mark}")
    return message
