"""What the effects bench counts: acceptances through the services, each with its PDF and its letter to be made."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Effect, Issuance
from app.services import documents, mail
from bench import cases
from bench.accepting import accept


def test_each_acceptance_leaves_a_pdf_and_a_letter_to_be_made(live: Flask, live_session: Session) -> None:
    cases.load(live_session, [3])
    live_session.commit()

    accept(live, cases.pair(0).courses(range(3)))

    asked = live_session.execute(select(Effect.kind, func.count()).group_by(Effect.kind)).all()
    assert live_session.scalar(select(func.count()).select_from(Issuance)) == 3
    assert dict(asked) == {documents.RENDER: 3, mail.SEND: 3}
