"""docs/verify_certificate.py, run as anybody would: alone, without us, on a PDF and a fingerprint."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.adapters.log_key import LogKey, as_pem
from app.adapters.pdf.attachments import Attachment
from app.adapters.pdf.certificate import render_certificate
from app.adapters.storage import Storage
from app.domain.document import CertificateDocument
from app.domain.log_format import FactKind
from app.models import Issuance
from app.services import transparency
from app.services.documents import PROOF
from app.services.transparency import heads, telling
from tests.factories import CertificateFactory, TrainingActionFactory
from tests.support.documents import read
from tests.support.stored import store_pdf
from tests.support.transparency import leaves, log_key

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_certificate.py"
PEOPLE = 60
Json = dict[str, Any]


@dataclass
class Verifier:
    """What the script says of bytes, and how it ended."""

    folder: Path
    fingerprint: str

    def __call__(self, pdf: bytes, *words: str) -> tuple[int, str]:
        path = self.folder / "certificado.pdf"
        path.write_bytes(pdf)
        command = [sys.executable, "-I", str(SCRIPT), str(path), *(words or ("--huella", self.fingerprint))]
        ended = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr


@dataclass
class Issued:
    """A certificate as it was printed, with what its PDF carries."""

    document: CertificateDocument
    pdf: bytes

    @property
    def attached(self) -> dict[str, bytes]:
        return {name: contents[0] for name, contents in read(self.pdf).attachments.items()}

    def printed(
        self, document: CertificateDocument | None = None, attached: Mapping[str, bytes] = MappingProxyType({})
    ) -> bytes:
        """Printed anew, with another document or other attachments."""
        files = [Attachment(name, "", content) for name, content in {**self.attached, **attached}.items()]
        return render_certificate(document or self.document, attachments=files)

    def with_proof(self, change: Callable[[Json], object]) -> bytes:
        proof = json.loads(self.attached[PROOF])
        change(proof)
        return self.printed(attached={PROOF: json.dumps(proof).encode()})


@pytest.fixture
def verifier(app: Flask, tmp_path: Path) -> Verifier:
    return Verifier(tmp_path, log_key(app).id)


@pytest.fixture
def issue(session: Session, tmp_path: Path) -> Callable[[], Issued]:
    """Issues a certificate that is not the first nor the last of the log, and makes its PDF as a worker does."""

    def made() -> Issued:
        CertificateFactory(requested=True)
        action = TrainingActionFactory(participants=PEOPLE, classes=1, attended=True)
        issuance: Issuance = CertificateFactory(issued=True, action=action).issuances[0]
        CertificateFactory(issued=True)
        storage = Storage(tmp_path / "storage")
        stored = store_pdf(session, issuance, storage=storage)
        return Issued(CertificateDocument.from_snapshot(issuance.snapshot), storage.read(stored.sha256))

    return made


@pytest.fixture
def issued(issue: Callable[[], Issued]) -> Issued:
    return issue()


def test_a_certificate_is_told_to_be_in_the_log(issued: Issued, verifier: Verifier) -> None:
    status, told = verifier(issued.pdf)

    assert status == 0
    assert told.startswith("ESTÁ EN EL REGISTRO: hoja 2 de 4, firmada el ")
    assert f"Folio {issued.document.folio}, emitido " in told
    assert f"Participantes: {PEOPLE} (véalos con --participantes)" in told
    assert issued.document.participants[0].rut_screen not in told


def test_people_are_shown_to_who_asks(issued: Issued, verifier: Verifier) -> None:
    _, told = verifier(issued.pdf, "--huella", verifier.fingerprint, "--participantes")

    assert all(f"{person.percentage:>6} %  {person.name}" in told for person in issued.document.participants)


def test_the_key_may_come_as_a_file(app: Flask, issued: Issued, verifier: Verifier, tmp_path: Path) -> None:
    (tmp_path / "llave.pem").write_bytes(as_pem(log_key(app).public_key))

    assert verifier(issued.pdf, "--llave", "llave.pem")[0] == 0


def test_another_key_is_not_trusted(issued: Issued, verifier: Verifier, tmp_path: Path) -> None:
    other = LogKey(tmp_path / "other.pem")
    other.create()
    (tmp_path / "llave.pem").write_bytes(as_pem(other.public_key))

    assert verifier(issued.pdf, "--llave", "llave.pem")[0] == 1
    assert verifier(issued.pdf, "--huella", other.id) == (
        1,
        "NO ES VÁLIDO. La cabeza del registro no está firmada con la llave de esa huella.\n",
    )


def flip(text: str) -> str:
    """One bit of hexadecimal digits."""
    return f"{int(text[0], 16) ^ 1:x}{text[1:]}"


CHANGES: dict[str, Callable[[Json], object]] = {
    "a step of the path": lambda p: p["path"].__setitem__(0, flip(p["path"][0])),
    "the last step": lambda p: p["path"].__setitem__(-1, flip(p["path"][-1])),
    "a step too few": lambda p: p["path"].pop(),
    "a step too many": lambda p: p["path"].append("00" * 32),
    "the place of the leaf": lambda p: p["leaf"].update(index=p["leaf"]["index"] + 1),
    "a place beyond the log": lambda p: p["leaf"].update(index=p["head"]["size"]),
    "a letter of the leaf": lambda p: p["leaf"].update(content=p["leaf"]["content"].replace("issuance", "issuancf")),
    "the size": lambda p: p["head"].update(size=p["head"]["size"] - 1),
    "the root": lambda p: p["head"].update(root=flip(p["head"]["root"])),
    "the instant": lambda p: p["head"].update(timestamp=p["head"]["timestamp"] + 1),
    "the signature": lambda p: p["head"].update(signature=flip(p["head"]["signature"])),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_proof_that_was_touched_proves_nothing(
    issued: Issued, verifier: Verifier, change: Callable[[Json], object]
) -> None:
    status, told = verifier(issued.with_proof(change))

    assert (status, told.split(".")[0]) == (1, "NO ES VÁLIDO")


def test_the_proof_of_another_certificate_proves_nothing(issue: Callable[[], Issued], verifier: Verifier) -> None:
    mine, other = issue(), issue()

    assert verifier(mine.printed(attached={PROOF: other.attached[PROOF]}))[0] == 1
    assert "es la prueba de otro certificado" in verifier(mine.printed(attached=other.attached))[1]
    assert verifier(other.pdf)[0] == 0


def test_the_proof_of_a_request_proves_no_issue(session: Session, issued: Issued, verifier: Verifier) -> None:
    request = next(leaf for leaf in leaves(session) if leaf.kind is FactKind.ANNULMENT_REQUEST)
    head = heads.latest(session)
    assert head is not None
    proof = telling.attached(transparency.inclusion(session, request, head))

    assert "no es de la emisión" in verifier(issued.printed(attached={PROOF: proof}))[1]


def changed_first(document: CertificateDocument, **values: Any) -> CertificateDocument:
    first, *others = document.participants
    return replace(document, participants=(replace(first, **values), *others))


FORGERIES: dict[str, Callable[[CertificateDocument], CertificateDocument]] = {
    "a percentage": lambda d: changed_first(d, percentage="99.00", shown=99),
    "the shown one alone": lambda d: changed_first(d, shown=99),
    "a RUT": lambda d: changed_first(d, rut_screen="12.345.678-5"),
    "one person less": lambda d: replace(d, participants=d.participants[:-1]),
    "one person more": lambda d: replace(d, participants=(*d.participants, d.participants[0])),
    "the folio": lambda d: replace(d, folio="9-2025"),
    "the code": lambda d: replace(d, verification_code="0" * 26),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_pages_that_say_something_else_than_the_log_are_told(
    issued: Issued, verifier: Verifier, forge: Callable[[CertificateDocument], CertificateDocument]
) -> None:
    assert verifier(issued.printed(forge(issued.document)))[0] == 1


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7 nada", b"hola"])
def test_what_is_no_certificate_is_told(verifier: Verifier, pdf: bytes) -> None:
    status, told = verifier(pdf)

    assert status == 2
    assert "NO SE PUDO COMPROBAR" in told


def test_a_pdf_that_lost_its_attachments_is_told(issued: Issued, verifier: Verifier) -> None:
    status, told = verifier(render_certificate(issued.document))

    assert (status, told) == (
        2,
        "NO SE PUDO COMPROBAR. El PDF no trae el adjunto certificado.json. "
        "Pida el original: pudo perderse al imprimir o convertir.\n",
    )


def test_a_proof_without_its_parts_is_told(issued: Issued, verifier: Verifier) -> None:
    assert verifier(issued.with_proof(lambda proof: proof.pop("head")))[0] == 2
    assert verifier(issued.with_proof(lambda proof: proof["head"].update(size=-1)))[0] == 1


def test_without_a_key_to_trust_nothing_is_said_of_the_certificate(issued: Issued, verifier: Verifier) -> None:
    status, told = verifier(issued.pdf, "--participantes")

    assert status == 2
    assert "indique con qué llave comprobar" in told


def test_it_is_short_and_uses_nothing_of_ours() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imported if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in imported if isinstance(node, ast.ImportFrom)}

    assert len(source.splitlines()) < 200
    assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names == {"cryptography", "pypdf"}
