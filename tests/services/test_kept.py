"""What a transaction needs not ask twice: found once, found anew in the next one, after a change and after a lock."""

from collections.abc import Callable

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from app.services import certificates, kept, policies
from tests.factories import CertificateFactory
from tests.support.queries import statements


def counting(session: Session) -> Callable[[], int]:
    found: list[int] = []

    def find() -> int:
        found.append(session.execute(select(literal(len(found) + 1))).scalar_one())
        return found[-1]

    return find


def test_it_is_found_once_a_transaction_and_anew_in_the_next(session: Session) -> None:
    find = counting(session)

    assert [kept.once(session, "it", find), kept.once(session, "it", find)] == [1, 1]
    session.commit()
    assert kept.once(session, "it", find) == 2


def test_what_a_savepoint_found_ends_with_it(session: Session) -> None:
    find = counting(session)
    with session.begin_nested() as savepoint:
        assert kept.once(session, "it", find) == 1
        savepoint.rollback()

    assert kept.once(session, "it", find) == 2


def test_what_changed_is_found_anew(session: Session) -> None:
    find = counting(session)
    kept.once(session, "it", find)

    kept.forget(session, "it")
    assert kept.once(session, "it", find) == 2
    kept.forget_all(session)
    assert kept.once(session, "it", find) == 3


def test_a_certificate_is_locked_once_a_transaction(session: Session) -> None:
    certificate = CertificateFactory()
    session.commit()

    with statements(session) as sent:
        assert certificates.locked(session, certificate.id) is certificates.locked(session, certificate.id)

    assert sum("FOR UPDATE" in statement for statement in sent) == 1


def test_policies_are_read_once_a_transaction(session: Session) -> None:
    session.commit()

    with statements(session) as sent:
        policies.timetable(session)
        policies.timetable(session)

    assert len(sent) == 1
