"""What a certificate prints: the snapshot kept at the issue, its canonical form and its hashes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

SCHEMA = 1
"""Version of the snapshot's shape; a change of shape takes the next number."""

ASSIGNED_AT_ISSUE = ("folio", "issued_at", "verification_code", "verification_url")
"""What only the issue can give. All the rest is what the person reviewed before accepting."""


@dataclass(frozen=True, slots=True)
class Party:
    """An institution as printed; `rut` in its screen form, `76.000.006-K`."""

    rut: str
    name: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """The natural person who accepted the issue, and the institution that person acted for."""

    name: str
    rut_screen: str
    organisation_name: str
    organisation_rut: str


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """One participant: `percentage` with two decimals (`74.99`), `shown` its truncation, `flags` in printable words."""

    rut_screen: str
    name: str
    percentage: str
    shown: int
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviousFolio:
    """An earlier certificate of the same action, and why it no longer holds."""

    folio: str
    issued_on: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDocument:
    """Everything one certificate prints; never changes once issued. Source: domain handbook §5.

    Without folio, instant of issue and verification it is a preview. Raises ValueError if only some of them are there.
    """

    title: str
    folio: str | None = None
    previous_folios: tuple[PreviousFolio, ...] = ()
    issued_at: datetime | None = None
    time_zone: str
    activity_label: str
    line_label: str
    action_code: str
    action_name: str
    sence_code: str
    modality_label: str
    region_name: str
    commune: str
    credited_hours: str
    starts_on: date
    ends_on: date
    otec: Party
    company: Party | None
    otic: Party | None
    document_reference: str
    participants: tuple[ParticipantLine, ...]
    issuer: Issuer
    policy_id: str
    verification_code: str | None = None
    verification_url: str | None = None

    def __post_init__(self) -> None:
        assigned = [getattr(self, name) is not None for name in ASSIGNED_AT_ISSUE]
        if any(assigned) and not all(assigned):
            raise ValueError(f"A document has all of {', '.join(ASSIGNED_AT_ISSUE)}, or none of them.")
        if self.issued_at is not None and self.issued_at.utcoffset() is None:
            raise ValueError("issued_at needs a time zone.")

    @property
    def is_preview(self) -> bool:
        return self.folio is None

    def to_snapshot(self) -> dict[str, Any]:
        """The document as plain JSON values under stable keys; `from_snapshot` gives it back."""
        plain = _plain(asdict(self))
        assert isinstance(plain, dict)
        return {"schema": SCHEMA, **plain}

    @classmethod
    def from_snapshot(cls, snapshot: Mapping[str, Any]) -> Self:
        """Raises ValueError for a snapshot of another shape, rather than guess what it printed."""
        if snapshot.get("schema") != SCHEMA:
            raise ValueError(f"Unknown snapshot schema {snapshot.get('schema')!r}.")
        values = {key: value for key, value in snapshot.items() if key != "schema"}
        return cls(**(values | _rebuilt(values)))

    def sha256(self) -> str:
        """Hash of the whole document."""
        return snapshot_sha256(self.to_snapshot())

    def content_sha256(self) -> str:
        """Hash of what the person reviewed: the same before the issue and after it."""
        return reviewed_sha256(self.to_snapshot())


def grouped_code(code: str) -> str:
    """A verification code in groups of four, as people read and type it: `7F3K-9QWM-2`."""
    symbols = code.replace("-", "").replace(" ", "")
    return "-".join(symbols[start : start + 4] for start in range(0, len(symbols), 4))


def snapshot_sha256(snapshot: Mapping[str, Any]) -> str:
    """Hash of a stored snapshot, whatever its shape, in canonical JSON: sorted keys, UTF-8, no spaces."""
    return hashlib.sha256(snapshot_bytes(snapshot)).hexdigest()


def snapshot_bytes(snapshot: Mapping[str, Any]) -> bytes:
    """The snapshot as it is hashed."""
    return json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def reviewed_sha256(snapshot: Mapping[str, Any]) -> str:
    """The same of the part that the person reviewed before the issue."""
    return snapshot_sha256({key: value for key, value in snapshot.items() if key not in ASSIGNED_AT_ISSUE})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _rebuilt(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "previous_folios": tuple(
            PreviousFolio(**{**item, "issued_on": date.fromisoformat(item["issued_on"])})
            for item in values["previous_folios"]
        ),
        "issued_at": datetime.fromisoformat(values["issued_at"]) if values["issued_at"] else None,
        "starts_on": date.fromisoformat(values["starts_on"]),
        "ends_on": date.fromisoformat(values["ends_on"]),
        "otec": Party(**values["otec"]),
        "company": Party(**values["company"]) if values["company"] else None,
        "otic": Party(**values["otic"]) if values["otic"] else None,
        "participants": tuple(
            ParticipantLine(**{**item, "flags": tuple(item["flags"])}) for item in values["participants"]
        ),
        "issuer": Issuer(**values["issuer"]),
    }
