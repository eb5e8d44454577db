"""Signed PDFs: what other programs say of them, and that no byte of one can be another unnoticed."""

import shutil
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import time_machine
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.adapters.pdf.attachments import Attachment
from app.adapters.pdf.certificate import render_certificate
from app.adapters.signer import KeyInFile, Nobody, authority, signer_of
from app.adapters.signer.checking import RANGE, Seal, check
from app.adapters.signer.pades import KeptKey
from app.config import Settings
from app.domain.errors import EffectFailed
from tests.support.attendance_cases import quick
from tests.support.documents import DOCUMENT, read, texts_as_shown, with_people

PASSPHRASE = "solo para probar"
ATTACHED = (Attachment("a.json", "", b"{}"),)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> KeyInFile:
    path = tmp_path_factory.mktemp("keys") / "firma.p12"
    authority.create(path, PASSPHRASE)
    return KeyInFile(path, PASSPHRASE)


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return render_certificate(with_people(60), attachments=ATTACHED)


@pytest.fixture(scope="module")
def signed(key: KeyInFile, unsigned: bytes) -> bytes:
    return key.sign(unsigned).content


def test_another_implementation_says_it_is_intact_whole_and_of_the_authority(key: KeyInFile, signed: bytes) -> None:
    root = asn1_x509.Certificate.load(_root(key).public_bytes(serialization.Encoding.DER))
    (embedded,) = PdfFileReader(BytesIO(signed)).embedded_signatures

    status = validate_pdf_signature(embedded, ValidationContext(trust_roots=[root], allow_fetching=False))

    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.bottom_line


def test_pdfsig_agrees(signed: bytes, tmp_path: Path) -> None:
    told = _told_by("pdfsig", signed, tmp_path)

    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "Signature Type: ETSI.CAdES.detached" in told
    assert authority.SIGNER in told


def test_qpdf_finds_nothing_wrong_with_the_file(signed: bytes, tmp_path: Path) -> None:
    with pikepdf.open(BytesIO(signed)) as opened:
        assert opened.check_pdf_syntax() == []


def test_what_it_says_and_carries_is_what_it_was(signed: bytes, unsigned: bytes) -> None:
    assert signed.startswith(unsigned)
    assert texts_as_shown(signed) == texts_as_shown(unsigned)
    assert read(signed).attachments == read(unsigned).attachments


def test_nothing_may_be_added_any_more_says_the_file(signed: bytes) -> None:
    root = PdfFileReader(BytesIO(signed)).root

    (reference,) = root["/Perms"]["/DocMDP"]["/Reference"]
    assert reference["/TransformParams"]["/P"] == 1


def test_we_say_the_same_and_whose_certificate_it_is(key: KeyInFile, signed: bytes, unsigned: bytes) -> None:
    assert check(signed).seal is Seal.INTACT
    assert check(signed).certificate == key.pades.certificate == key.sign(unsigned).certificate
    assert check(unsigned).seal is Seal.NONE


@quick
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_outside_the_signature_breaks_it(signed: bytes, at: float, bit: int) -> None:
    before, after, _ = _range(signed)
    place = int(at * (len(signed) - (after - before)))
    changed = bytearray(signed)
    changed[place if place < before else place + after - before] ^= 1 << bit

    assert check(bytes(changed)).seal is not Seal.INTACT


def test_every_byte_of_what_signing_added_is_watched(signed: bytes, unsigned: bytes) -> None:
    """The increment is read by every reader: its references, its trailer, the very words that say it is signed."""
    before, after, _ = _range(signed)
    places = [*range(len(unsigned), before), *range(after, len(signed))]

    assert {check(_flipped(signed, place)).seal for place in places} <= {Seal.BROKEN, Seal.NONE}


def test_the_room_left_in_the_signature_holds_nothing(signed: bytes) -> None:
    before, after, _ = _range(signed)
    padding = signed[before:after].rstrip(b"0>")

    for place in range(before + len(padding) + 2, after - 1):
        assert check(_flipped(signed, place)).seal is Seal.BROKEN
    in_small_letters = signed[:before] + signed[before:after].lower() + signed[after:]
    assert check(in_small_letters).seal is Seal.BROKEN


@pytest.mark.parametrize("added", [b"\n", b" ", b"%%EOF\n", b"1 0 obj\n<</Type/Catalog>>\nendobj\n"])
def test_whatever_is_appended_breaks_it(signed: bytes, added: bytes) -> None:
    assert check(signed + added).seal is Seal.BROKEN


def test_an_update_that_readers_would_show_breaks_it(signed: bytes) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root["/Lang"] = generic.pdf_string("en")
    writer.update_root()
    target = BytesIO()
    writer.write(target)

    assert target.getvalue().startswith(signed)
    assert check(target.getvalue()).seal is Seal.BROKEN


def test_the_signature_of_one_file_is_worth_nothing_in_another(key: KeyInFile, signed: bytes) -> None:
    other = key.sign(render_certificate(DOCUMENT)).content
    (start, end, _), (ours, until, _) = _range(signed), _range(other)

    assert check(other[:ours] + signed[start:end] + other[until:]).seal is Seal.BROKEN


def test_who_has_the_certificate_and_not_its_key_signs_nothing(key: KeyInFile, unsigned: bytes) -> None:
    stranger = KeptKey(rsa.generate_private_key(65537, 2048), key.pades.certificate, ())
    forged = replace(key.pades, signer=PdfSigner(key.pades.signer.signature_meta, stranger)).sign(unsigned)

    assert forged.certificate == key.pades.certificate
    assert check(forged.content).seal is Seal.BROKEN


@quick
@given(data=st.binary(max_size=300))
def test_anything_may_be_sent(signed: bytes, data: bytes) -> None:
    before, after, _ = _range(signed)
    digits = data.hex().upper().encode().ljust(after - before - 2, b"0")[: after - before - 2]

    assert check(data).seal is Seal.NONE
    assert check(signed[:before] + b"<" + digits + b">" + signed[after:]).seal is Seal.BROKEN


def test_the_key_is_read_once(key: KeyInFile, unsigned: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    key.sign(unsigned)
    for module, loader in ((pkcs12, "load_key_and_certificates"), (serialization, "load_der_private_key")):
        monkeypatch.delattr(module, loader)

    assert check(key.sign(unsigned).content).seal is Seal.INTACT


def test_signing_takes_hundredths_of_a_second(key: KeyInFile, unsigned: bytes) -> None:
    key.sign(unsigned)
    taken = []
    for _ in range(10):
        begun = time.process_time()
        key.sign(unsigned)
        taken.append(time.process_time() - begun)

    assert min(taken) < 0.030


def test_a_key_of_a_curve_signs_too(tmp_path: Path, unsigned: bytes) -> None:
    path = _curve_key(tmp_path)

    assert check(KeyInFile(path, PASSPHRASE).sign(unsigned).content).seal is Seal.INTACT


def test_a_missing_key_is_told_and_comes_back_without_a_restart(
    key: KeyInFile, tmp_path: Path, unsigned: bytes
) -> None:
    lost = KeyInFile(tmp_path / "firma.p12", PASSPHRASE)
    with pytest.raises(EffectFailed, match="Falta la llave con que se firman"):
        lost.sign(unsigned)

    shutil.copy(key.path, lost.path)

    assert check(lost.sign(unsigned).content).seal is Seal.INTACT


def test_a_wrong_passphrase_or_another_file_is_told(key: KeyInFile, tmp_path: Path, unsigned: bytes) -> None:
    strange = tmp_path / "otra.p12"
    strange.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"", ed25519.Ed25519PrivateKey.generate(), None, None, serialization.NoEncryption()
        )
    )

    for wrong in (KeyInFile(key.path, "otra clave"), KeyInFile(strange, ""), KeyInFile(Path(__file__), "")):
        with pytest.raises(EffectFailed, match="no se pudo abrir"):
            wrong.sign(unsigned)


def test_nothing_is_signed_with_an_expired_certificate(key: KeyInFile, unsigned: bytes) -> None:
    later = datetime.now(UTC) + authority.SIGNER_LASTS + timedelta(days=1)

    with (
        time_machine.travel(later, tick=False),
        pytest.raises(EffectFailed, match="El certificado con que se firma venció"),
    ):
        key.sign(unsigned)


def test_where_nobody_signs_the_file_stays_as_it_is(unsigned: bytes) -> None:
    for settings in (Settings(), Settings(signing_key="none")):
        signer = signer_of(settings)
        assert isinstance(signer, Nobody)
        assert signer.sign(unsigned).content == unsigned


def _told_by(program: str, pdf: bytes, folder: Path) -> str:
    path = folder / "certificado.pdf"
    path.write_bytes(pdf)
    return subprocess.run([program, str(path)], capture_output=True, text=True, check=False).stdout


def _root(key: KeyInFile) -> x509.Certificate:
    return x509.load_pem_x509_certificate(authority.root_of(key.path).read_bytes())


def _range(pdf: bytes) -> tuple[int, int, int]:
    before, after, rest = map(int, RANGE.findall(pdf)[-1])
    return before, after, rest


def _flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def _curve_key(folder: Path) -> Path:
    made = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Curva")]), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(made.public_key())
    dated = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    certificate = dated.sign(made, hashes.SHA256())
    path = folder / "curva.p12"
    encryption = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"", made, certificate, None, encryption))
    return path
