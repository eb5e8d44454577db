"""A demonstration authority: a root of its own, and the key and certificate that it vouches for, in a PKCS#12 file.

Nobody outside trusts it. It shows what a signed certificate is; a real one comes from an accredited provider.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from app.adapters.private_file import write_once

ORGANISATION = "Constancia (demostración)"
ROOT, SIGNER = "Autoridad de demostración de Constancia", "Sello de certificados de Constancia (demostración)"
ROOT_LASTS, SIGNER_LASTS = timedelta(days=3650), timedelta(days=1825)
KEY_BITS = 2048
# A clock of another machine that is a little behind must not find a certificate that is not valid yet.
EARLIER = timedelta(hours=1)


def create(path: Path, passphrase: str) -> bool:
    """Make the authority and its signer's PKCS#12, and beside it the root's certificate for who wants to trust it.

    Both are for their owner's eyes only. False, and nothing is done, if there is a file. The root's key is thrown away, so
    nobody can ever sign another certificate with it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    root_key, key = (rsa.generate_private_key(65537, KEY_BITS) for _ in range(2))
    root = _root(root_key)
    certificate = _signer(key.public_key(), root, root_key)
    encryption = serialization.BestAvailableEncryption(passphrase.encode())
    content = pkcs12.serialize_key_and_certificates(SIGNER.encode(), key, certificate, [root], encryption)
    if not write_once(path, content):
        return False
    root_of(path).unlink(missing_ok=True)
    write_once(root_of(path), root.public_bytes(serialization.Encoding.PEM))
    return True


def root_of(path: Path) -> Path:
    """Where the root's certificate is, of the signer at `path`."""
    return path.with_name(f"{path.stem}-root.pem")


def _root(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = _name(ROOT)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return (
        _begun(name, name, key.public_key(), ROOT_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def _signer(key: rsa.RSAPublicKey, root: x509.Certificate, root_key: rsa.RSAPrivateKey) -> x509.Certificate:
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return (
        _begun(_name(SIGNER), root.subject, key, SIGNER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(authority, critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _begun(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, lasts: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "CL"), (NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _usage(**used: bool) -> x509.KeyUsage:
    uses = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{use: used.get(use, False) for use in uses})
