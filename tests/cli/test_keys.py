"""The key of the public log: made once, never replaced, missed when it is gone."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.adapters import embedded
from app.adapters.log_key import LogKey, as_pem
from app.adapters.pdf.certificate import render_certificate
from app.adapters.signer import signer_of
from app.adapters.signer.checking import Seal, check
from app.cli.prepare import have_demo_authority, have_log_key
from app.config import Settings
from app.domain.errors import EffectFailed
from app.models import LogHead
from tests.support.documents import DOCUMENT
from tests.support.transparency import log_key


@pytest.fixture
def key(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LogKey:
    """One that is not there yet."""
    missing = LogKey(tmp_path / "keys" / "log.pem")
    monkeypatch.setitem(app.extensions, "log_key", missing)
    return missing


def test_a_key_is_made_for_its_owner_only(app: Flask, key: LogKey) -> None:
    told = app.test_cli_runner().invoke(args=["keys", "create", "log"])

    assert key.path.stat().st_mode & 0o777 == 0o600
    assert key.path.parent.stat().st_mode & 0o777 == 0o700
    assert key.id in told.output


def test_a_key_is_never_replaced(app: Flask, key: LogKey) -> None:
    key.create()
    before = key.path.read_bytes()

    told = app.test_cli_runner().invoke(args=["keys", "create", "log"])

    assert told.exit_code == 1
    assert "Ya hay una llave" in told.output
    assert key.path.read_bytes() == before


def test_the_public_key_is_shown_with_its_fingerprint(app: Flask, key: LogKey) -> None:
    key.create()

    told = app.test_cli_runner().invoke(args=["keys", "show"])

    assert told.output == f"{as_pem(key.public_key).decode()}Huella: {key.id}\n"


@pytest.mark.parametrize("command", [["keys", "show"], ["log", "sign"]])
def test_a_missing_key_is_told(app: Flask, session: Session, key: LogKey, command: list[str]) -> None:
    told = app.test_cli_runner().invoke(args=command)

    assert told.exit_code == 1
    assert told.output.startswith("Falta la llave del registro público.")


@pytest.mark.parametrize("content", ["", "no es una llave", "rsa"])
def test_a_file_that_is_no_such_key_is_told(key: LogKey, content: str) -> None:
    key.path.parent.mkdir()
    key.path.write_text(_rsa_key() if content == "rsa" else content)

    with pytest.raises(EffectFailed, match="no es una llave Ed25519"):
        key.sign(b"")


@pytest.fixture
def signing(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that name a signing key which is not there yet."""
    named: Settings = replace(
        app.extensions["settings"],
        signing_key=str(tmp_path / "keys" / "firma.p12"),
        signing_passphrase="doce letras o más",
    )
    monkeypatch.setitem(app.extensions, "settings", named)
    return named


def test_a_signing_key_is_made_for_its_owner_only_and_signs(app: Flask, signing: Settings) -> None:
    told = app.test_cli_runner().invoke(args=["keys", "create", "signing"])

    path = Path(signing.signing_key)
    assert told.exit_code == 0
    assert {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()} == {
        "firma.p12": 0o600,
        "firma-root.pem": 0o600,
    }
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert signing.signing_passphrase not in told.output
    assert check(signer_of(signing).sign(render_certificate(DOCUMENT)).content).seal is Seal.INTACT


def test_a_signing_key_is_never_replaced(app: Flask, signing: Settings) -> None:
    create = ["keys", "create", "signing"]
    app.test_cli_runner().invoke(args=create)
    before = Path(signing.signing_key).read_bytes()

    told = app.test_cli_runner().invoke(args=create)

    assert (told.exit_code, Path(signing.signing_key).read_bytes()) == (1, before)
    assert "Ya hay una llave" in told.output


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"signing_key": ""}, "Diga dónde guardar la llave: SIGNING_KEY="),
        ({"signing_key": "none"}, "Diga dónde guardar la llave: SIGNING_KEY="),
        ({"signing_passphrase": "corta"}, "Dé a la llave una clave de 12 letras o más en SIGNING_PASSPHRASE."),
    ],
)
def test_a_signing_key_needs_a_place_and_a_passphrase(
    app: Flask, signing: Settings, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], sentence: str
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(signing, **changed))  # type: ignore[arg-type]

    told = app.test_cli_runner().invoke(args=["keys", "create", "signing"])

    assert told.exit_code == 1
    assert sentence in told.output
    assert not Path(signing.signing_key).exists()


def test_the_demonstration_authority_is_made_where_it_signs_and_nowhere_else(app: Flask, tmp_path: Path) -> None:
    own = embedded.complete(replace(app.extensions["settings"], data_dir=tmp_path, signing_key=""))
    named: Settings = replace(own, signing_key=str(tmp_path / "otra.p12"))

    have_demo_authority(named)
    assert not list(tmp_path.glob("**/*.p12"))
    have_demo_authority(own)

    assert signer_of(own).sign(render_certificate(DOCUMENT)).certificate is not None
    assert (tmp_path / "signing_passphrase").stat().st_mode & 0o777 == 0o600


def test_where_others_reach_the_site_nobody_signs_unless_a_key_is_named(app: Flask, tmp_path: Path) -> None:
    outside = replace(app.extensions["settings"], data_dir=tmp_path, signing_key="", secure_cookies=True)

    assert embedded.complete(outside).signing_key == ""


def test_an_operator_signs_a_head_now(app: Flask, session: Session) -> None:
    told = [app.test_cli_runner().invoke(args=["log", "sign"]).output for _ in range(2)]

    assert all(line.startswith("Cabeza firmada: 0 hojas, raíz e3b0c442") for line in told)
    assert session.query(LogHead).count() == 2


def test_the_first_start_makes_the_key(app: Flask, key: LogKey, session: Session) -> None:
    with app.app_context():
        have_log_key(key)

    assert key.exists()


def test_a_key_that_was_lost_is_missed_and_not_made_up(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.test_cli_runner().invoke(args=["log", "sign"])
    lost = LogKey(tmp_path / "log.pem")
    monkeypatch.setitem(app.extensions, "log_key", lost)

    with app.app_context(), pytest.raises(SystemExit, match="ya tiene cabezas firmadas y falta su llave"):
        have_log_key(lost)

    assert not lost.exists()


def test_the_key_lives_where_the_settings_say(app: Flask, tmp_path: Path) -> None:
    settings = app.extensions["settings"]

    assert log_key(app).path == settings.data_dir / "keys" / "log.pem"
    assert replace(settings, log_key=str(tmp_path / "k")).log_key_path == tmp_path / "k"


def _rsa_key() -> str:
    made = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA"], capture_output=True, check=True, text=True)
    return made.stdout
