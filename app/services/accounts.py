"""How a person proves who they are: the CUS is set and checked here, and is never kept nor logged in clear."""

import secrets
from base64 import b64encode
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.rut import Rut
from app.models import Credential, Person

SHORTEST_CUS = 8
# Enough for any passphrase; without a limit a login form could be made to hash megabytes.
LONGEST_CUS = 200

_HASHER = PasswordHasher()  # Argon2id with the parameters of RFC 9106 for limited memory


def set_cus(session: Session, *, rut: Rut, cus: str) -> Person:
    """Replace the person's CUS. Raises Refusal for an unknown RUT, or a CUS under 8 or over 200 characters."""
    person = _person(session, rut)
    if person is None:
        raise Refusal(f"No hay una persona con el RUT {rut.screen}. Cárguela antes, en people.csv.")
    if not SHORTEST_CUS <= len(cus) <= LONGEST_CUS:
        raise Refusal(f"La CUS debe tener entre {SHORTEST_CUS} y {LONGEST_CUS} caracteres. Elija otra.")

    credential = session.get(Credential, person.id) or Credential(person_id=person.id)
    _store(credential, cus)
    session.add(credential)
    session.flush()
    return person


def verify_cus(session: Session, *, rut: Rut, cus: str) -> Person | None:
    """The person, if that is their CUS; None otherwise, after the same work whether or not anybody has that RUT.

    A hash made with older parameters is made again, so the session must be one that commits.
    """
    person = _person(session, rut)
    credential = session.get(Credential, person.id) if person is not None else None
    matches = _matches(credential.cus_hash if credential else _hash_of_nobody(), cus)
    if credential is None or not matches:
        return None

    if _HASHER.check_needs_rehash(credential.cus_hash):
        _store(credential, cus)
    return person


def _person(session: Session, rut: Rut) -> Person | None:
    return session.scalar(select(Person).where(Person.rut_body == rut.body))


def _store(credential: Credential, cus: str) -> None:
    credential.cus_hash = _HASHER.hash(cus)
    credential.changed_at = datetime.now(UTC)


def _matches(cus_hash: str, cus: str) -> bool:
    try:
        return _HASHER.verify(cus_hash, cus[: LONGEST_CUS + 1])
    except VerifyMismatchError:
        return False


def _hash_of_nobody() -> str:
    """A hash of today's parameters that no CUS matches: checking against it takes as long as any other."""
    salt, tag = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (_HASHER.salt_len, _HASHER.hash_len)
    )
    work = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${work}${salt}${tag}"
