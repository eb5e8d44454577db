"""Puts a PAdES signature on a finished PDF with a key that is read once: the baseline profile B-B, B-T with a time stamp."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Self

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.attributes import CMSAttributeProvider
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError, as_signing_certificate_v2
from pyhanko.sign.signers.pdf_cms import SignedAttributeProviderSpec
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.adapters.signer import Signed
from app.domain.errors import EffectFailed

MISSING = "Falta la llave con que se firman los certificados. Repóngala en su lugar (SIGNING_KEY) y reintente."
UNUSABLE = (
    "La llave con que se firman los certificados no se pudo abrir. Revise SIGNING_KEY y SIGNING_PASSPHRASE y reintente."
)
EXPIRED = (
    "El certificado con que se firma venció el {day:%d/%m/%Y}. Ponga la llave y el certificado nuevos en SIGNING_KEY, "
    "reinicie los trabajadores y reintente."
)
NO_TIMESTAMP = "La autoridad de sellado de tiempo no respondió como debía. Revise TIMESTAMP_URL y reintente."
NOT_SIGNED = "No se pudo firmar el PDF. Reintente; si se repite, pase el detalle técnico a soporte."
FIELD, DIGEST = "Firma", "sha256"
TIMEOUT_S = 10
# What a signature is besides the certificates it carries, with room to spare; and what a time stamp adds.
OWN_SIZE, TIMESTAMP_SIZE = 2048, 12288


class _Encoded(CMSAttributeProvider):  # type: ignore[misc]
    """Which certificate signs, encoded once: asn1crypto would encode the parts of one put together anew forty times over."""

    attribute_type = "signing_certificate_v2"

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        self._der = as_signing_certificate_v2(certificate).dump()

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:  # noqa: ARG002
        return tsp.SigningCertificateV2.load(self._der)


class _SignedAttributes(SignedAttributeProviderSpec):  # type: ignore[misc]
    """What PAdES has signed beside the digest: the certificate, and never a time that only we claim."""

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        self._certificate = _Encoded(certificate)

    def signed_attr_providers(
        self,
        data_digest: bytes,  # noqa: ARG002
        digest_algorithm: str,  # noqa: ARG002
    ) -> Iterable[CMSAttributeProvider]:
        yield self._certificate


class KeptKey(signers.Signer):  # type: ignore[misc]
    """A key that stays in memory as an object: pyHanko's own signer reads it again for each signature."""

    def __init__(
        self, key: RSAPrivateKey | EllipticCurvePrivateKey, certificate: bytes, others: tuple[bytes, ...]
    ) -> None:
        store = SimpleCertificateStore.from_certs(map(asn1_x509.Certificate.load, others))
        own = asn1_x509.Certificate.load(certificate)
        # A root proves nothing by travelling along: who checks has it, or does not trust it.
        super().__init__(signing_cert=own, cert_registry=store, embed_roots=False)
        self.signed_attr_prov_spec = _SignedAttributes(own)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002
        assert digest_algorithm == DIGEST, "the metadata below name it"
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), SHA256())
        return self._key.sign(data, ECDSA(SHA256()))


class _TimeStamper(HTTPTimeStamper):  # type: ignore[misc]
    """The authority that stamps; whatever it answers that is no stamp of ours is told to the operator."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        # Nonsense makes the parser stumble in one of these ways, and so does a stamp of something else (pyHanko 0.38).
        except (TimestampRequestError, ValueError, TypeError, LookupError, AttributeError) as strange:
            raise EffectFailed(NO_TIMESTAMP) from strange


@dataclass(frozen=True)
class Pades:
    """A key with its certificate, ready to sign as often as one likes."""

    certificate: bytes
    expires_at: datetime
    room: int
    signer: signers.PdfSigner

    @classmethod
    def of_file(cls, path: Path, passphrase: str, timestamps: str) -> Self:
        """The key of a PKCS#12 file, and what certificates it holds. Raises EffectFailed."""
        key, certificate, others = _read(path, passphrase)
        first, *chain = (one.public_bytes(Encoding.DER) for one in (certificate, *others))
        size = OWN_SIZE + len(first) + sum(map(len, chain)) + (TIMESTAMP_SIZE if timestamps else 0)
        # Whoever certifies a document says with it that nothing may be added any more.
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        timestamper = _TimeStamper(timestamps, timeout=TIMEOUT_S) if timestamps else None
        signer = signers.PdfSigner(metadata, KeptKey(key, first, tuple(chain)), timestamper=timestamper)
        # In hexadecimal digits, two a byte.
        return cls(first, certificate.not_valid_after_utc, 2 * size, signer)

    def sign(self, pdf: bytes) -> Signed:
        """The PDF with a signature over all of it. Raises EffectFailed."""
        if datetime.now(UTC) > self.expires_at:
            raise EffectFailed(EXPIRED.format(day=self.expires_at))
        # pyHanko runs an event loop of its own, which a thread that has one already does not allow.
        with ThreadPoolExecutor(1) as apart:
            signing = apart.submit(self._sign, pdf)
        try:
            target = signing.result()
        except SigningError as error:
            raise EffectFailed(NOT_SIGNED) from error
        return Signed(target.getvalue(), self.certificate)

    def _sign(self, pdf: bytes) -> BytesIO:
        signed: BytesIO = self.signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=self.room)
        return signed


def _read(
    path: Path, passphrase: str
) -> tuple[RSAPrivateKey | EllipticCurvePrivateKey, x509.Certificate, list[x509.Certificate]]:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase.encode() or None)
    except FileNotFoundError as missing:
        raise EffectFailed(MISSING) from missing
    except ValueError as unreadable:
        raise EffectFailed(UNUSABLE) from unreadable
    if certificate is None or not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise EffectFailed(UNUSABLE)
    return key, certificate, others
