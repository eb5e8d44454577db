"""How something is broken: in a transaction that is rolled back, on a copy of the files, with the triggers off."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.adapters.log_key import LogKey
from app.adapters.storage import Storage
from app.domain.document import reviewed_sha256, snapshot_sha256
from app.domain.log_format import FactKind
from app.services import transparency


@dataclass(frozen=True)
class Broken:
    """The history to break. `of` gives the ids of a story's certificate and of its issues and requests in their order.

    It is done as the owner; `application` is the role that audits.
    """

    session: Session
    storage: Storage
    certificates: dict[str, int]
    log_key: LogKey
    application: str

    def run(self, statement: str, **values: Any) -> None:
        """Change rows; a statement that changes none proves nothing."""
        changed: Any = self.session.execute(text(statement), values)
        assert changed.rowcount > 0, statement

    def ids(self, query: str, **values: Any) -> list[int]:
        return list(self.session.scalars(text(query), values))

    def issuances(self, story: str) -> list[int]:
        query = "SELECT id FROM issuance WHERE certificate_id = :c ORDER BY sequence"
        return self.ids(query, c=self.certificates[story])

    def requests(self, story: str) -> list[int]:
        query = """
            SELECT r.id FROM annulment_request AS r JOIN issuance AS i ON i.id = issuance_id
            WHERE certificate_id = :c ORDER BY r.id
        """
        return self.ids(query, c=self.certificates[story])

    def reprint(self, issuance_id: int, **changes: Any) -> None:
        """Have the snapshot say something else, with the hashes and the acceptance that fit it."""
        row = self.session.execute(
            text("SELECT certificate_id, snapshot FROM issuance WHERE id = :i"), {"i": issuance_id}
        ).one()
        before, after = row.snapshot, row.snapshot | changes
        hashes = {"reviewed": reviewed_sha256(after), "printed": snapshot_sha256(after)}
        self.run(
            """
            UPDATE issuance SET snapshot = CAST(:after AS jsonb), snapshot_sha256 = :printed,
                evidence = evidence || jsonb_build_object('accepted_sha256', CAST(:reviewed AS text))
            WHERE id = :i
            """,
            i=issuance_id,
            after=json.dumps(after),
            **hashes,
        )
        self.run(
            """
            UPDATE human_task SET answers = answers || jsonb_build_object('content_sha256', CAST(:reviewed AS text))
            WHERE answers ->> 'content_sha256' = :before
            """,
            before=reviewed_sha256(before),
            reviewed=hashes["reviewed"],
        )

    def shift(self, story: str, kind: str, instant: str) -> None:
        """Date the story's events of a kind anew; `instant` is SQL."""
        self.run(
            f"UPDATE history_event SET at = {instant} WHERE kind = :kind AND certificate_id = :c",
            kind=kind,
            c=self.certificates[story],
        )

    def write_log_anew(self) -> None:
        """As somebody would who owns the database and wants no trace: the log begins again with the facts as they are now."""
        for table in ("log_head", "log_node", "log_leaf", "log_pending"):
            self.session.execute(text(f"DELETE FROM {table}"))
        for kind in FactKind:
            self.session.execute(
                text(f"INSERT INTO log_pending (kind, fact_id) SELECT '{kind.value}', id FROM {kind.value}")
            )
        transparency.seal(self.session, self.log_key)

    def document(self, story: str) -> Path:
        """The PDF of the story's first issue."""
        query = text("SELECT sha256 FROM document WHERE issuance_id = :i")
        return self.file(self.session.scalars(query, {"i": self.issuances(story)[0]}).one())

    def file(self, sha256: str) -> Path:
        return self.storage.base / sha256[:2] / sha256

    def grow_old(self, path: Path) -> None:
        """Have a file be old enough to belong to somebody."""
        os.utime(path, (0, 0))


Act = Callable[[Broken], None]


@dataclass(frozen=True)
class Mutation:
    invariant: str
    act: Act

    def __str__(self) -> str:
        return f"{self.invariant}: {self.act.__name__.replace('_', ' ')}"


@dataclass
class Breaks:
    """Collects the mutations of a file: `@breaks("the_invariant")` above what breaks it."""

    all: list[Mutation] = field(default_factory=list)

    def __call__(self, invariant: str) -> Callable[[Act], Act]:
        def collect(act: Act) -> Act:
            self.all.append(Mutation(invariant, act))
            return act

        return collect
