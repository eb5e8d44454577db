"""The state of a certificate: derived from the facts in order, it is the one that the SQL of searches and lists gives."""

from collections.abc import Iterator

from sqlalchemy import select, text

from app.domain.states import LatestIssuance, derive
from app.models import Certificate, state_expression
from app.services.audit.invariant import AT_A_TIME, Ground, Invariant

# By the numbers of issues and requests; the SQL CASE goes by the order in which the rows came.
FACTS = """
    SELECT i.id IS NOT NULL AS exists, v.id IS NOT NULL AS voided,
        r.id IS NOT NULL AND d.id IS NULL AS has_open_request,
        coalesce(granted, false) AS last_request_granted, coalesce(NOT granted, false) AS last_request_denied
    FROM certificate AS c
    LEFT JOIN LATERAL (SELECT id FROM issuance WHERE certificate_id = c.id ORDER BY sequence DESC LIMIT 1) AS i ON true
    LEFT JOIN LATERAL (
        SELECT id FROM annulment_request WHERE issuance_id = i.id ORDER BY sequence DESC LIMIT 1) AS r ON true
    LEFT JOIN annulment_decision AS d ON d.request_id = r.id
    LEFT JOIN issuance_void AS v ON v.issuance_id = i.id
    ORDER BY c.id
"""


def _derived_otherwise(ground: Ground) -> Iterator[str]:
    options = {"yield_per": AT_A_TIME}
    in_sql = ground.session.execute(
        select(Certificate.id, state_expression().label("state")).order_by(Certificate.id), execution_options=options
    )
    facts = ground.session.execute(text(FACTS), execution_options=options)
    for certificate, known in zip(in_sql, facts, strict=True):
        if derive(LatestIssuance(**known._asdict())).value != certificate.state:
            yield f"certificate:{certificate.id}"


INVARIANTS = (
    Invariant(
        "states_derived_alike",
        "El estado de cada certificado, derivado de sus hechos, es el que da la base de datos.",
        _derived_otherwise,
    ),
)
