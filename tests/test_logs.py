"""Logs: one JSON object a line, the business in fields, and nobody's RUT or name."""

import json
import logging
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import logs
from app.domain.permissions import Profile
from tests.factories import CUS, PersonFactory, TrainingActionFactory
from tests.support.database import ArrangedClient
from tests.web.visitor import Visitor

WRONG = {"first_surname": "Ñancupil", "rut_body": 12_345_678, "check_digit": "ñ"}


def test_a_line_is_one_object_with_the_fields_it_was_given(app: Flask) -> None:
    written = StringIO()
    logs.configure(written)
    try:
        logging.getLogger("app.example").info("certificate issued", extra={"folio": "12-2026"})
    finally:
        logs.configure()

    line = json.loads(written.getvalue())
    assert (line["event"], line["folio"], line["level"]) == ("certificate issued", "12-2026", "info")


def test_an_action_is_logged_without_anybody_s_rut_or_name(
    client: ArrangedClient, caplog: pytest.LogCaptureFixture
) -> None:
    action = TrainingActionFactory(participants=2, classes=1, attended=True)
    person = PersonFactory(cus=True, profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)])
    visitor = Visitor(client)
    visitor.enter(person, Profile.PROVIDER_NATIONAL_ADMIN, action.otec)

    with caplog.at_level(logging.DEBUG):
        client.post("/CertificadoAsistencia/Login", data={"RutUsuario": person.rut.wire, "ClaveSence": CUS})
        visitor.send(f"/acciones/{action.code}/emitir", "Emitir Certificado", document_reference="F-1")

    done = [record for record in caplog.records if record.message == "action done"]
    told = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("app."))
    assert len(done) == 1
    assert str(person.rut_body) not in told
    assert person.first_surname not in told


def test_an_error_of_the_database_is_logged_without_the_row_that_did_not_fit(session: Session) -> None:
    written = StringIO()
    logs.configure(written)
    try:
        with pytest.raises(IntegrityError) as refused:
            PersonFactory(**WRONG)
        logging.getLogger("app.example").error("refused", exc_info=refused.value)
    finally:
        logs.configure()

    told = json.loads(written.getvalue())["exception"]
    assert "ck_person_check_digit" in told
    assert [value for value in WRONG.values() if str(value) in told] == []
