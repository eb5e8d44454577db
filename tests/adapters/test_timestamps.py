"""A time stamp on each signature, from an authority on loopback that answers, dawdles, or answers something else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.adapters.pdf.certificate import render_certificate
from app.adapters.signer import KeyInFile, authority
from app.adapters.signer.checking import Seal, check
from app.domain.errors import EffectFailed
from tests.support.documents import DOCUMENT

PASSPHRASE = "solo para probar"
REPLY = "application/timestamp-reply"


@pytest.fixture(scope="module")
def stamper() -> DummyTimeStamper:
    key, certificate = _stamping_key()
    return DummyTimeStamper(tsa_cert=certificate, tsa_key=key, certs_to_embed=SimpleCertificateStore())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    authority.create(tmp_path / "firma.p12", PASSPHRASE)
    return tmp_path / "firma.p12"


def test_the_authority_says_when_and_our_own_clock_does_not(path: Path, stamper: DummyTimeStamper) -> None:
    with answering(lambda asked: (200, REPLY, stamper.request_tsa_response(asked).dump())) as url:
        signed = KeyInFile(path, PASSPHRASE, url).sign(render_certificate(DOCUMENT)).content

    (embedded,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    root = asn1_x509.Certificate.load(
        x509.load_pem_x509_certificate(authority.root_of(path).read_bytes()).public_bytes(serialization.Encoding.DER)
    )
    trusted = ValidationContext(trust_roots=[root, stamper.tsa_cert], allow_fetching=False)
    status = validate_pdf_signature(embedded, trusted)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.intact
    assert status.timestamp_validity.valid
    assert check(signed).seal is Seal.INTACT
    assert "signing_time" not in [one["type"].native for one in embedded.signer_info["signed_attrs"]]


@pytest.mark.parametrize(
    ("status", "kind", "content"),
    [
        (500, "text/html", b"Error"),
        (200, REPLY, b""),
        (200, REPLY, b"\x30\x03\x02\x01\x05"),
        (200, "text/html", b"Hola"),
    ],
    ids=["error", "nothing", "nonsense", "a page"],
)
def test_an_authority_that_does_not_answer_as_it_should_is_told(
    path: Path, status: int, kind: str, content: bytes
) -> None:
    with (
        answering(lambda _asked: (status, kind, content)) as url,
        pytest.raises(EffectFailed, match="sellado de tiempo"),
    ):
        KeyInFile(path, PASSPHRASE, url).sign(render_certificate(DOCUMENT))


def test_an_authority_that_is_away_is_told(path: Path) -> None:
    with answering(lambda _asked: (200, "", b"")) as url:
        gone = url

    with pytest.raises(EffectFailed, match="sellado de tiempo"):
        KeyInFile(path, PASSPHRASE, gone).sign(render_certificate(DOCUMENT))


def test_a_stamp_of_another_signature_is_not_taken(path: Path, stamper: DummyTimeStamper) -> None:
    kept: list[bytes] = []

    def the_same_again(asked: tsp.TimeStampReq) -> tuple[int, str, bytes]:
        kept.append(stamper.request_tsa_response(asked).dump())
        return 200, REPLY, kept[0]

    with answering(the_same_again) as url:
        key = KeyInFile(path, PASSPHRASE, url)
        key.sign(render_certificate(DOCUMENT))

        with pytest.raises(EffectFailed, match="sellado de tiempo"):
            key.sign(render_certificate(DOCUMENT))


@contextmanager
def answering(answer: Callable[[tsp.TimeStampReq], tuple[int, str, bytes]]) -> Iterator[str]:
    """An authority on a loopback port while the block lasts; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            status, kind, content = answer(asked)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _stamping_key() -> tuple[keys.PrivateKeyInfo, asn1_x509.Certificate]:
    made, now = rsa.generate_private_key(65537, 2048), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sello de tiempo de prueba")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(made.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(made, hashes.SHA256())
    )
    der = made.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (
        keys.PrivateKeyInfo.load(der),
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
    )
