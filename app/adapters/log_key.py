"""The key that signs the heads of the log: Ed25519, in a file of its own that is read when something is to be signed."""

from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.adapters.private_file import write_once
from app.domain.errors import EffectFailed
from app.domain.log_format import key_id

MISSING = "Falta la llave del registro público. Repóngala en su lugar (LOG_KEY) o cree una con `flask keys create log`."
UNUSABLE = "La llave del registro público no es una llave Ed25519. Repóngala desde el respaldo."


class LogKey:
    """The private key of a file. Everything but `exists` and `create` raises EffectFailed if it is not there or is no such key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        return self.path.exists()

    def create(self) -> bool:
        """Make the key, for its owner's eyes only; False, and nothing is done, if there is one."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return write_once(self.path, pem)

    def sign(self, data: bytes) -> bytes:
        return self._private.sign(data)

    @cached_property
    def public_key(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return self._private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def id(self) -> str:
        return key_id(self.public_key)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        try:
            key = serialization.load_pem_private_key(self.path.read_bytes(), password=None)
        except FileNotFoundError as missing:
            raise EffectFailed(MISSING) from missing
        except ValueError as unreadable:
            raise EffectFailed(UNUSABLE) from unreadable
        if not isinstance(key, Ed25519PrivateKey):
            raise EffectFailed(UNUSABLE)
        return key


def is_signed(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether this is the signature of the data by the key of this SubjectPublicKeyInfo."""
    key = serialization.load_der_public_key(public_key)
    assert isinstance(key, Ed25519PublicKey), "the log's keys are Ed25519"
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def as_pem(public_key: bytes) -> bytes:
    """The key as openssl and other programs read it."""
    return serialization.load_der_public_key(public_key).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
