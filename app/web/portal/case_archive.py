"""The expediente as files: each with its name, what it is and its SHA-256, small ones made here, stored ones opened later."""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO

from flask import current_app
from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.adapters.zip_stream import Entry
from app.domain.document import snapshot_bytes
from app.models import AnnulmentRequest, RetroactiveRequest
from app.process.case_files import Case, CaseFile
from app.services import transparency
from app.services.transparency import telling

SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Part:
    """One file. Stored ones keep their content where it is until it is sent."""

    name: str
    title: str
    sha256: str
    size: int
    made_at: datetime
    content: bytes | None = None

    def entry(self, storage: Storage) -> Entry:
        return Entry(self.name, self.made_at, partial(self._opened, storage))

    def _opened(self, storage: Storage) -> BinaryIO:
        return storage.open(self.sha256) if self.content is None else io.BytesIO(self.content)


def parts(file: CaseFile) -> list[Part]:
    """Every file but the index and the proofs, in the order of the index."""
    return [
        *_certificates(file),
        *_requests(file),
        *_voids(file),
        *_retroactive(file),
        *(part for case in file.cases for part in _case(case)),
    ]


def proofs(session: Session, file: CaseFile) -> list[Part]:
    """For each fact that a head of the public log is over, the proof that it is in there."""
    found = ((kind, fact_id, transparency.of_fact(session, kind, fact_id)) for kind, fact_id in file.facts)
    return [
        _made(
            f"registro/{kind.value}-{fact_id}.json",
            f"Prueba de registro: {kind.label}",
            telling.attached(proof),
            proof.leaf.integrated_at,
        )
        for kind, fact_id, proof in found
        if proof is not None
    ]


def with_index(files: list[Part], page: str) -> list[Part]:
    """The same behind a page to read them by, and the sums that `sha256sum -c` checks."""
    now = datetime.now(UTC)
    index = _made("indice.html", "Índice para leer", page.encode(), now)
    sums = "".join(f"{part.sha256}  {part.name}\n" for part in [index, *files])
    return [index, _made(SUMS, "Huellas de todos los archivos", sums.encode(), now), *files]


def _certificates(file: CaseFile) -> Iterator[Part]:
    for one in file.issuances:
        name, folio = f"certificados/certificado-{one.folio}", str(one.folio)
        if one.document is not None:
            document = one.document
            yield Part(f"{name}.pdf", f"Certificado {folio}", document.sha256, document.size, document.created_at)
        yield _made(f"{name}.json", f"Lo que dice el certificado {folio}", snapshot_bytes(one.snapshot), one.issued_at)


def _requests(file: CaseFile) -> Iterator[Part]:
    for one in file.requests:
        title = (
            f"{'Solicitud de anulación' if one.sequence == 1 else 'Reposición'} del certificado {one.issuance.folio}"
        )
        name = f"solicitudes/{one.issuance.folio}-{one.sequence}.json"
        yield _made(name, title, _json(_asked(one)), one.requested_at)


def _voids(file: CaseFile) -> Iterator[Part]:
    for one in file.voids:
        told = {"folio": str(one.issuance.folio), "motivo": one.reason, "anulado": one.voided_at}
        name = f"anulaciones-de-oficio/{one.issuance.folio}.json"
        yield _made(name, f"Anulación de oficio del certificado {one.issuance.folio}", _json(told), one.voided_at)


def _retroactive(file: CaseFile) -> Iterator[Part]:
    for one in file.retroactive:
        name, title = f"asistencia-retroactiva/{one.id}", f"Solicitud de asistencia retroactiva {one.id}"
        told = _asked(one) | {
            "participante": one.participant.person.full_name,
            "clase": one.class_held.class_id,
            "antecedentes": [attached.filename for attached in one.attachments],
        }
        yield _made(f"{name}.json", title, _json(told), one.requested_at)
        for file_ in one.attachments:
            # The name a person gave may hold anything; the number keeps two of one name apart.
            safe = file_.filename.replace("/", "_").replace("\\", "_")
            where = f"{name}/{file_.number}-{safe}"
            yield Part(where, f"{title}: antecedente {file_.number}", file_.sha256, file_.size, one.requested_at)


def _case(case: Case) -> Iterator[Part]:
    name = f"tramites/{case.number}-{case.process_id}-v{case.version}"
    # Not as a page: what a page's frame asks the database for has no place in here.
    picture = current_app.jinja_env.get_template("case_file/diagram.svg").render(drawing=case.drawing, name=case.name)
    steps = {
        "tramite": case.name,
        "version_del_diagrama": case.version,
        "sha256_del_diagrama": case.sha256,
        "resultado": case.outcome,
        "pasos": [
            {
                "paso": s.name,
                "desde": s.opened_at,
                "hasta": s.closed_at,
                "quien": s.who,
                "que": s.done,
                "respuestas": [{"pregunta": label, "respuesta": text} for label, text in s.answered],
            }
            for s in case.steps
        ],
        "decisiones": [{"cuando": one.at, "que": one.told} for one in case.decided],
    }
    yield _made(f"{name}.bpmn", f"{case.name}: diagrama, versión {case.version}", case.xml.encode(), case.started_at)
    forms = _json(dict(case.forms))
    yield _made(f"{name}-formularios.json", f"{case.name}: formularios, versión {case.version}", forms, case.started_at)
    for table, xml in case.decision_tables.items():
        title = f"{case.name}: tabla de decisión {table}, versión {case.version}"
        yield _made(f"{name}-decisiones/{table}.dmn", title, xml.encode(), case.started_at)
    yield _made(f"{name}.svg", f"{case.name}: camino recorrido", picture.encode(), case.started_at)
    yield _made(f"{name}.json", f"{case.name}: pasos", _json(steps), case.started_at)


def _asked(one: AnnulmentRequest | RetroactiveRequest) -> dict[str, Any]:
    decision = one.decision
    return {
        "motivo": one.reason,
        "pedida": one.requested_at,
        "por": one.requested_by.full_name,
        "resolucion": decision
        and {
            "aprobada": decision.granted,
            "razones": decision.reason,
            "resuelta": decision.decided_at,
            "por": decision.decided_by.full_name,
        },
    }


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_iso).encode()


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _made(name: str, title: str, content: bytes, made_at: datetime) -> Part:
    return Part(name, title, hashlib.sha256(content).hexdigest(), len(content), made_at, content)
