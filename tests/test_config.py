"""Settings are read whole, or refused with one sentence."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters import embedded
from app.config import Settings, SettingsError


@pytest.mark.parametrize("given", ["postgres://u@h/b", "postgresql://u@h/b", "postgresql+psycopg://u@h/b"])
def test_every_way_to_write_a_postgresql_url_is_understood(given: str) -> None:
    assert Settings.from_env({"DATABASE_URL": given}).database_url == "postgresql+psycopg://u@h/b"


@pytest.mark.parametrize("given", ["mysql://u@h/b", "sqlite:///file", "h/b"])
def test_another_database_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL no es de PostgreSQL"):
        Settings.from_env({"DATABASE_URL": given})


@pytest.mark.parametrize("given", ["http://h", "redis://", "h:6379", "unix:///run/valkey.sock"])
def test_a_broker_we_cannot_divide_into_databases_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL"):
        Settings.from_env({"REDIS_URL": given})


@pytest.mark.parametrize("given", ["http://h", "smtp://", "smtp://h:correo", "smtp://h:99999", "h:25", "sendmail"])
def test_a_mail_server_that_cannot_be_one_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="MAIL_URL no es de un servidor de correo"):
        Settings.from_env({"MAIL_URL": given, "MAIL_FROM": "a@h.example"})


@pytest.mark.parametrize(
    "given", ["Constancia", "a@", "a@h.example, b@h.example", "a@ñ.example", "A <a@h.example>\nBcc: b@h.example"]
)
def test_mail_is_from_one_address(given: str) -> None:
    with pytest.raises(SettingsError, match="MAIL_FROM no es una dirección"):
        Settings.from_env({"MAIL_URL": "smtp://h", "MAIL_FROM": given})


def test_mail_that_goes_out_says_whom_it_is_from() -> None:
    with pytest.raises(SettingsError, match="Falta MAIL_FROM"):
        Settings.from_env({"MAIL_URL": "smtp://h"})


@pytest.mark.parametrize("given", ["http", "80a", "-1", "٣"])
def test_a_port_that_is_no_number_is_refused_by_name(given: str) -> None:
    with pytest.raises(SettingsError, match="PORT debe ser un número"):
        Settings.from_env({"PORT": given})


@pytest.mark.parametrize("given", ["redis://:clave@h:6379", "redis://:clave@h:6379/0"])
def test_jobs_sessions_and_limits_live_apart(given: str) -> None:
    settings = Settings.from_env({"REDIS_URL": given})

    urls = [settings.broker_url, settings.sessions_url, settings.limits_url]
    assert urls == [f"redis://:clave@h:6379/{number}" for number in (0, 1, 2)]


def test_what_is_passed_on_is_read_back_the_same() -> None:
    mail = {"MAIL_URL": "smtps://u:cl%40ve@h", "MAIL_FROM": "Constancia <avisos@h.example>"}
    settings = replace(Settings.from_env({"PORT": "8011", **mail}), secret_key="k", secure_cookies=True)

    assert Settings.from_env(settings.to_env()) == settings


def test_no_process_that_is_started_is_told_who_owns_the_database() -> None:
    url, owner = "postgresql+psycopg://app@h/b", "postgresql+psycopg://owner@h/b"
    settings = Settings.from_env({"DATABASE_URL": url, "DATABASE_OWNER_URL": owner})

    assert (settings.database_url, settings.owner_url) == (url, owner)
    assert settings.to_env()["DATABASE_OWNER_URL"] == ""


def test_without_an_owner_who_works_on_the_database_owns_it() -> None:
    assert Settings.from_env({"DATABASE_URL": "postgresql://u@h/b"}).owner_url == "postgresql+psycopg://u@h/b"


def test_an_owner_of_no_database_is_refused() -> None:
    with pytest.raises(SettingsError, match="DATABASE_OWNER_URL va junto con DATABASE_URL"):
        Settings.from_env({"DATABASE_OWNER_URL": "postgresql://owner@h/b"})


def test_an_owner_of_another_kind_of_database_is_refused() -> None:
    with pytest.raises(SettingsError, match="DATABASE_OWNER_URL no es de PostgreSQL"):
        Settings.from_env({"DATABASE_URL": "postgresql://u@h/b", "DATABASE_OWNER_URL": "mysql://owner@h/b"})


def test_no_secret_is_printed_with_the_settings() -> None:
    settings = Settings(
        database_url="postgresql://u:clave@h/b",
        redis_url="redis://:clave@h",
        secret_key="clave",
        mail_url="smtp://u:clave@h",
    )

    assert "clave" not in repr(settings)


@pytest.mark.parametrize("outside", [{"HOST": "0.0.0.0"}, {"SECURE_COOKIES": "1"}])
def test_a_site_others_reach_needs_a_secret_key_of_its_own(outside: dict[str, str], tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://h/b", "REDIS_URL": "redis://h", "DATA_DIR": str(tmp_path), **outside}

    with pytest.raises(SettingsError, match="Falta SECRET_KEY"):
        embedded.complete(Settings.from_env(given))


def test_a_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql://h/b", redis_url="redis://h", data_dir=tmp_path)

    first, second = embedded.complete(settings), embedded.complete(settings)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("given", ["ftp://sello.example", "sello.example/tsa", "https://"])
def test_a_time_stamp_authority_we_cannot_ask_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="TIMESTAMP_URL"):
        Settings.from_env({"TIMESTAMP_URL": given})


def test_secrets_are_not_shown_with_the_settings() -> None:
    settings = Settings.from_env({"SIGNING_PASSPHRASE": "secreta", "SECRET_KEY": "secreta", "MAIL_URL": ""})

    assert "secreta" not in repr(settings)
