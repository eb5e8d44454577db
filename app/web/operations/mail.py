"""Correos: how the sending goes and, where letters are kept in a folder, what each of them says."""

from email.message import EmailMessage
from email.utils import parseaddr

from flask import current_app, make_response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.adapters.mail import PostOffice
from app.adapters.mail_folder import MailFolder
from app.domain.errors import NotFound
from app.domain.permissions import Action
from app.services import mail
from app.unit_of_work import reading
from app.web.access import access
from app.web.filters import local_moment
from app.web.operations.blueprint import operations
from app.web.paging import AFTER, Pager, asked_size, pager
from app.web.policy import CONTENT_POLICY

HEAD = ({"text": "Enviado"}, {"text": "Asunto"}, {"text": "Para"})
# A letter's HTML runs nothing and fetches nothing; its styles stand in its elements, as mail programs want them.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; sandbox"


@operations.get("/correos")
@access(Action.OPERATE)
def letters() -> str:
    """The numbers of the outbox and, newest first, the letters of the folder."""
    with reading() as session:
        counts = mail.counts(session)
    folder = _folder()
    rows, pages = _listed(folder) if folder else ([], None)
    return render_template(
        "operations/letters.html", counts=counts, by_smtp=folder is None, head=HEAD, rows=rows, pages=pages
    )


@operations.get("/correos/<name>")
@access(Action.OPERATE)
def letter(name: str) -> Response:
    """One letter of the folder in both forms; the HTML in a frame that can do nothing."""
    message = _letter(name)
    page = render_template(
        "operations/letter.html",
        subject=message["Subject"],
        facts=_facts(message),
        text=_part(message, "plain"),
        frame_url=url_for("operations.letter_html", name=name),
        page_url=_page_of(message),
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; frame-src 'self'"
    return answer


@operations.get("/correos/<name>/html")
@access(Action.OPERATE)
def letter_html(name: str) -> Response:
    """The HTML of a letter as its reader gets it."""
    answer = make_response(_part(_letter(name), "html"))
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    return answer


def masked(address: str) -> str:
    """`i•••@otec.example`: enough to tell letters apart, not to write to somebody."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def _folder() -> MailFolder | None:
    post_office: PostOffice = current_app.extensions["post_office"]
    return post_office.transport if isinstance(post_office.transport, MailFolder) else None


def _letter(name: str) -> EmailMessage:
    folder = _folder()
    message = folder.read(name) if folder else None
    if message is None:
        raise NotFound
    return message


def _listed(folder: MailFolder) -> tuple[list[list[str]], Pager]:
    size = asked_size()
    page = folder.page(after=request.args.get(AFTER, ""), size=size)
    found = [(name, folder.read(name)) for name in page.shown]
    rows = [_row(name, message) for name, message in found if message is not None]
    pages = pager(
        shown=len(page.shown),
        before=page.before,
        total=page.total,
        previous_after=page.previous_after(size),
        next_after=page.next_after,
    )
    return rows, pages


def _row(name: str, message: EmailMessage) -> list[str]:
    link = Markup('<a class="govuk-link" href="{}">{}</a>').format(
        url_for("operations.letter", name=name), message["Subject"]
    )
    return [_sent_at(message), link, _reader(message)]


def _facts(message: EmailMessage) -> list[dict[str, str]]:
    return [
        {"label": "Enviado", "value": _sent_at(message)},
        {"label": "De", "value": str(message["From"])},
        {"label": "Para", "value": _reader(message)},
        {"label": "Message-ID", "value": str(message["Message-ID"])},
    ]


def _sent_at(message: EmailMessage) -> str:
    return local_moment(message["Date"].datetime)


def _reader(message: EmailMessage) -> str:
    return masked(parseaddr(str(message["To"]))[1])


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _page_of(message: EmailMessage) -> str | None:
    """The page the letter leads to: links do not work inside its frame."""
    lines = _part(message, "plain").splitlines()
    return next((line for line in lines if line.startswith(("http://", "https://"))), None)
