"""Handing letters over: to a real server that takes, refuses, delays, hangs up or is away, and into the folder."""

import socket
import stat
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from app.adapters import mail
from app.adapters.letters import Letter, address_of, as_message
from app.adapters.mail import Smtp, post_office
from app.adapters.mail_folder import MailFolder
from app.config import Settings
from app.domain.errors import EffectFailed
from tests.support.post import CERTIFICATE, HANG_UP, PASSWORD, USER, Post, Serve, free_port

LETTER = Letter("Se emitió el certificado", "Señora directora:\nábralo.\n", "<p>Señora directora: ábralo.</p>")
SENDER = "Constancia <avisos@constancia.example>"
READER = "ines.alvarez@otec.example"
NOON = datetime(2026, 11, 23, 15, tzinfo=UTC)


def letter(identity: str = "mail/decision/x:1/7", to: str = READER, written_at: datetime = NOON) -> EmailMessage:
    address = address_of("Inés Álvarez", to)
    assert address is not None
    return as_message(LETTER, identity=identity, sender=SENDER, to=address, written_at=written_at)


def smtp(post: Post, *, scheme: str = "smtp", who: str = "") -> Smtp:
    return Smtp(f"{scheme}://{who}127.0.0.1:{post.port}")


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate of the test's server counts as good."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def test_a_server_gets_the_whole_letter(mail_server: Serve) -> None:
    post = mail_server()

    smtp(post).send(letter())

    (taken,) = post.messages
    assert (taken["From"], taken["To"]) == (SENDER, "Inés Álvarez <ines.alvarez@otec.example>")
    assert taken["Subject"] == LETTER.subject
    assert [part.get_content().split() for part in taken.iter_parts()] == [LETTER.text.split(), LETTER.html.split()]
    assert taken["Date"].datetime == NOON


def test_a_letter_sent_twice_has_one_message_id_and_another_letter_another(mail_server: Serve) -> None:
    post = mail_server()

    for identity in ("mail/decision/x:1/7", "mail/decision/x:1/7", "mail/decision/x:1/8"):
        smtp(post).send(letter(identity))

    first, again, other = (taken["Message-ID"] for taken in post.messages)
    assert first == again != other


# Said of the test's own server.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "starttls"), ("smtps", "implicit")])
def test_the_password_and_the_letter_travel_encrypted(mail_server: Serve, scheme: str, tls: str) -> None:
    post = mail_server(tls=tls, password=True)

    smtp(post, scheme=scheme, who=f"{USER}:{quote(PASSWORD, safe='')}@").send(letter())

    assert (post.signed_in, post.encrypted) == ([True], [True])


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "starttls"), ("smtps", "implicit")])
def test_a_server_whose_certificate_nobody_knows_gets_nothing(mail_server: Serve, scheme: str, tls: str) -> None:
    post = mail_server(tls=tls)

    with pytest.raises(EffectFailed, match="certificado del servidor de correo no es de confianza"):
        smtp(post, scheme=scheme).send(letter())

    assert post.messages == []


def test_another_machine_that_offers_no_encryption_gets_nothing(
    mail_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = mail_server()
    monkeypatch.setattr(mail, "LOOPBACK", set())

    with pytest.raises(EffectFailed, match="no ofrece STARTTLS"):
        smtp(post).send(letter())

    assert post.messages == []


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_names_the_setting_and_is_tried_again(mail_server: Serve) -> None:
    post = mail_server(tls="starttls", password=True)

    with pytest.raises(EffectFailed, match=r"clave de MAIL_URL") as failed:
        smtp(post, who=f"{USER}:otra@").send(letter())

    assert not failed.value.for_good


@pytest.mark.parametrize(
    ("command", "answer", "said", "for_good"),
    [
        ("RCPT", "550 5.1.1 <{address}> user unknown", r"no aceptó la dirección de la persona \(código 550\)", True),
        ("RCPT", "450 4.2.1 <{address}> busy", r"intentarlo más tarde \(código 450\)", False),
        ("DATA", "554 5.7.1 spam", r"no aceptó el mensaje \(código 554\)", True),
        ("DATA", "451 4.3.0 later", r"intentarlo más tarde \(código 451\)", False),
        ("MAIL", "553 5.7.1 sender not allowed", r"no aceptó a Constancia \(código 553\)", False),
        ("MAIL", HANG_UP, "No se pudo hablar con el servidor", False),
        ("RCPT", HANG_UP, "No se pudo hablar con el servidor", False),
        ("DATA", HANG_UP, "No se pudo hablar con el servidor", False),
    ],
)
def test_what_no_further_try_mends_is_for_good_and_the_rest_is_not(
    mail_server: Serve, command: str, answer: str, said: str, for_good: bool
) -> None:
    post = mail_server()
    post.answers[command] = answer

    with pytest.raises(EffectFailed, match=said) as failed:
        smtp(post).send(letter())

    assert failed.value.for_good == for_good
    assert post.messages == []


def test_what_the_server_says_of_an_address_stays_out_of_the_error(mail_server: Serve) -> None:
    post = mail_server()
    post.answers["RCPT"] = "550 5.1.1 <{address}> user unknown"

    with pytest.raises(EffectFailed) as failed:
        smtp(post).send(letter())

    assert READER not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


@pytest.mark.parametrize("farewell", [HANG_UP, "500 what?"])
def test_a_letter_taken_over_is_sent_whatever_happens_to_the_farewell(mail_server: Serve, farewell: str) -> None:
    post = mail_server()
    post.answers["QUIT"] = farewell

    smtp(post).send(letter())

    assert len(post.messages) == 1


def test_a_server_that_is_away_is_tried_again_later() -> None:
    with pytest.raises(EffectFailed, match="Revise MAIL_URL") as failed:
        Smtp(f"smtp://127.0.0.1:{free_port()}").send(letter())

    assert not failed.value.for_good


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"smtp://127.0.0.1:{silent.getsockname()[1]}"

        with pytest.raises(EffectFailed, match="No se pudo hablar"):
            Smtp(address).send(letter())


@pytest.mark.parametrize(
    "address",
    ["", "nadie", "a@", "@otec.example", "a b@otec.example", "a@otec.example, b@x.example", "ñandú@x.example"],
)
def test_what_is_no_address_is_not_written_to(address: str) -> None:
    assert address_of("Inés", address) is None


def test_a_domain_with_an_enye_is_written_as_the_network_writes_it() -> None:
    address = address_of("Inés", "ines@ñandú.cl")

    assert address is not None
    assert address.addr_spec == "ines@xn--and-6ma2c.cl"


def test_without_a_server_letters_are_kept_newest_first(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail")
    for hour in (9, 11, 10):
        folder.send(letter(f"i{hour}", written_at=NOON.replace(hour=hour)))

    names = folder.page(size=10).shown

    assert [name[8:10] for name in names] == ["11", "10", "09"]
    kept = folder.read(names[0])
    assert kept is not None
    assert kept["Subject"] == LETTER.subject


def test_pages_of_letters_follow_one_another_both_ways(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path)
    for hour in range(9, 14):
        folder.send(letter(f"i{hour}", written_at=NOON.replace(hour=hour)))
    first = folder.page(size=2)
    second = folder.page(after=first.next_after or "", size=2)
    third = folder.page(after=second.next_after or "", size=2)

    assert [name[8:10] for page in (first, second, third) for name in page.shown] == ["13", "12", "11", "10", "09"]
    assert [page.before for page in (first, second, third)] == [0, 2, 4]
    assert (first.previous_after(2), second.previous_after(2), third.next_after) == (None, "", None)
    assert third.previous_after(2) == first.shown[-1]


def test_a_letter_kept_again_is_the_same_file(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path)

    folder.send(letter())
    folder.send(letter())

    assert folder.page(size=10).total == len(list(tmp_path.iterdir())) == 1


def test_only_the_owner_reads_the_folder(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail")
    folder.send(letter())

    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["../secret_key", "20261123150000-x", "/etc/passwd", "", "20261123150000-" + "0" * 32])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret_key.eml").write_text("secreto")

    assert MailFolder(tmp_path / "mail").read(name) is None


def test_mail_url_chooses_the_transport_and_its_password_is_not_printed(tmp_path: Path) -> None:
    away = post_office(Settings(mail_url="smtp://u:clave@h:587", mail_from=SENDER))
    kept = post_office(Settings(data_dir=tmp_path))

    assert isinstance(away.transport, Smtp)
    assert "clave" not in repr(away)
    assert kept.transport == MailFolder(tmp_path / "mail")
