"""The certificates that PDFs were signed with, by which a signature is known as ours. Functions here never commit."""

import hashlib
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import SigningCertificate

LONGEST_SUBJECT = 200


def note(session: Session, certificate: bytes) -> str:
    """Keep a certificate (DER) that signs; its fingerprint. The second time changes nothing."""
    fingerprint = fingerprint_of(certificate)
    values = {
        "fingerprint": fingerprint,
        "certificate": certificate,
        "subject": subject_of(certificate),
        "first_used_at": datetime.now(UTC),
    }
    session.execute(insert(SigningCertificate).values(values).on_conflict_do_nothing())
    return fingerprint


def ours(session: Session, certificate: bytes) -> SigningCertificate | None:
    """What is known of a certificate, if it is one we sign with or ever did."""
    return session.get(SigningCertificate, fingerprint_of(certificate))


def fingerprint_of(certificate: bytes) -> str:
    return hashlib.sha256(certificate).hexdigest()


def subject_of(certificate: bytes) -> str:
    """Who the certificate says it is: its common name, or all of its name where it has none."""
    subject = x509.load_der_x509_certificate(certificate).subject
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return (str(names[0].value) if names else subject.rfc4514_string())[:LONGEST_SUBJECT]
