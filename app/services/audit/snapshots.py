"""What was printed: unchanged since, accepted as it is, readable, and the same as the row says."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import text

from app.domain.document import CertificateDocument, reviewed_sha256, snapshot_sha256
from app.domain.verification_code import LENGTH, SYMBOLS
from app.services.audit.invariant import Ground, Invariant, in_sql
from app.services.audit.ruts_in_sql import check_digit_of, rut_of

# A snapshot of 3,000 participants is half a megabyte.
SNAPSHOTS_AT_A_TIME = 50

Snapshot = Mapping[str, Any]


def _of_each(is_good: Callable[[Snapshot, Any], bool]) -> Callable[[Ground], Iterator[str]]:
    """The issues whose snapshot, with the rest of the row, is not good."""
    statement = text("SELECT id, snapshot, snapshot_sha256, evidence FROM issuance ORDER BY id")

    def offenders(ground: Ground) -> Iterator[str]:
        for row in ground.session.execute(statement, execution_options={"yield_per": SNAPSHOTS_AT_A_TIME}):
            if not is_good(row.snapshot, row):
                yield f"issuance:{row.id}"

    return offenders


def _is_readable(snapshot: Snapshot, _row: Any) -> bool:
    try:
        return CertificateDocument.from_snapshot(snapshot).to_snapshot() == snapshot
    # What a snapshot of another shape does to the code that knows this one.
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


INVARIANTS = (
    Invariant(
        "snapshot_unchanged",
        "La copia de lo impreso es la que se guardó al emitir: su huella coincide.",
        _of_each(lambda snapshot, row: snapshot_sha256(snapshot) == row.snapshot_sha256),
    ),
    Invariant(
        "snapshot_as_accepted",
        "Lo impreso es lo que la persona aceptó: la huella de la evidencia coincide.",
        _of_each(lambda snapshot, row: reviewed_sha256(snapshot) == row.evidence.get("accepted_sha256")),
    ),
    Invariant(
        "snapshot_readable",
        "Cada copia de lo impreso se puede leer y volver a imprimir.",
        _of_each(_is_readable),
    ),
    in_sql(
        "snapshot_agrees_with_issuance",
        "Folio, código, referencia, política, fecha, curso, OTEC y emisor impresos son los de la emisión.",
        f"""
        SELECT 'issuance:' || i.id || ' ' || field
        FROM issuance AS i
        JOIN certificate AS c ON c.id = certificate_id
        JOIN training_action AS a ON a.id = action_id
        JOIN person AS p ON p.id = issued_by_id
        JOIN organisation AS o ON o.id = issued_for_id
        CROSS JOIN LATERAL (VALUES
            ('folio', snapshot ->> 'folio', folio_number || '-' || folio_year),
            ('verification_code', snapshot ->> 'verification_code', verification_code),
            ('verification_url', substring(snapshot ->> 'verification_url' FROM '/v/(.*)$'), verification_code),
            ('document_reference', snapshot ->> 'document_reference', document_reference),
            ('policy_id', snapshot ->> 'policy_id', policy_id),
            ('issued_at', extract(epoch FROM (snapshot ->> 'issued_at')::timestamptz)::text,
                extract(epoch FROM issued_at)::text),
            ('action_code', snapshot ->> 'action_code', a.code),
            ('otec', snapshot #>> '{{otec,rut}}', {rut_of("o")}),
            ('issuer', snapshot #>> '{{issuer,rut_screen}}', {rut_of("p")})
        ) AS field (field, printed, known)
        WHERE printed IS DISTINCT FROM known
        """,
    ),
    in_sql(
        "printed_participants_well_formed",
        "Cada certificado imprime al menos un participante, una vez cada uno, con RUT y porcentaje posibles.",
        f"""
        SELECT 'issuance:' || i.id
        FROM issuance AS i
        LEFT JOIN LATERAL (
            SELECT row ->> 'rut_screen' AS rut,
                CASE WHEN row ->> 'rut_screen' ~ '^[0-9.]{{1,11}}-[0-9K]$'
                    THEN replace(split_part(row ->> 'rut_screen', '-', 1), '.', '')::bigint END AS body,
                CASE WHEN row ->> 'percentage' ~ '^[0-9]{{1,3}}[.][0-9]{{2}}$'
                    THEN (row ->> 'percentage')::numeric END AS percentage,
                CASE WHEN row ->> 'shown' ~ '^[0-9]{{1,3}}$' THEN (row ->> 'shown')::int END AS shown
            FROM jsonb_array_elements(snapshot -> 'participants') AS row
            -- Read once, and not at each mention.
            OFFSET 0
        ) AS line ON true
        GROUP BY i.id
        HAVING count(rut) = 0 OR count(rut) <> count(DISTINCT rut) OR NOT bool_and(coalesce(
            right(rut, 1) = {check_digit_of("body")}
            AND percentage <= 100 AND shown BETWEEN floor(percentage) AND ceil(percentage), false))
        """,
    ),
    in_sql(
        "previous_folios_printed",
        "Una re-emisión imprime los folios de las emisiones anteriores, todos y en orden.",
        """
        SELECT 'issuance:' || i.id FROM issuance AS i
        WHERE (SELECT coalesce(jsonb_agg(p -> 'folio' ORDER BY n), '[]')
                FROM jsonb_array_elements(snapshot -> 'previous_folios') WITH ORDINALITY AS printed (p, n))
            <> (SELECT coalesce(jsonb_agg(b.folio_number || '-' || b.folio_year ORDER BY b.sequence), '[]')
                FROM issuance AS b WHERE b.certificate_id = i.certificate_id AND b.sequence < i.sequence)
        """,
    ),
    in_sql(
        "verification_codes_well_formed",
        "Cada código de verificación tiene su largo y solo los signos que no se confunden.",
        "SELECT 'issuance:' || id FROM issuance WHERE verification_code !~ :shape",
        shape=f"^[{SYMBOLS}]{{{LENGTH}}}$",
    ),
    in_sql(
        "policies_known",
        "Cada certificado y cada asistencia guardada nombra una política que existe.",
        """
        SELECT used.label
        FROM (SELECT policy_id, 'issuance:' || id AS label FROM issuance
            UNION ALL SELECT policy_id, 'participant:' || participant_id FROM attendance_result) AS used
        LEFT JOIN attendance_policy AS known ON known.policy_id = used.policy_id
        WHERE known.id IS NULL
        """,
    ),
)
