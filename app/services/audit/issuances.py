"""Issues of a certificate: numbered, one valid at a time, accepted by who issued, never before the course ended."""

from app.services.audit.invariant import in_sql

# The instant from which an issue is void, if it is: annulled on request, or by SENCE.
ENDED = """
    SELECT issuance_id, decided_at AS at
    FROM annulment_decision JOIN annulment_request ON annulment_request.id = request_id WHERE granted
    UNION ALL SELECT issuance_id, voided_at FROM issuance_void
"""

INVARIANTS = (
    in_sql(
        "issuances_numbered",
        "Las emisiones de cada certificado se numeran 1, 2, 3… sin saltos.",
        """
        SELECT 'issuance:' || id
        FROM (SELECT *, row_number() OVER (PARTITION BY certificate_id ORDER BY sequence) AS expected FROM issuance) AS i
        WHERE sequence <> expected
        """,
    ),
    in_sql(
        "one_valid_issuance",
        "Un certificado tiene a lo más una emisión vigente: ni anulada ni dejada sin efecto.",
        f"""
        SELECT 'certificate:' || certificate_id FROM issuance
        WHERE NOT EXISTS (SELECT FROM ({ENDED}) AS ended WHERE issuance_id = issuance.id)
        GROUP BY certificate_id HAVING count(*) > 1
        """,
    ),
    in_sql(
        "reissue_after_annulment",
        "Cada re-emisión es posterior a la anulación de la emisión anterior.",
        f"""
        SELECT 'issuance:' || again.id
        FROM issuance AS again
        JOIN issuance AS before
            ON before.certificate_id = again.certificate_id AND before.sequence = again.sequence - 1
        JOIN ({ENDED}) AS ended ON ended.issuance_id = before.id
        GROUP BY again.id HAVING min(ended.at) > again.issued_at
        """,
    ),
    in_sql(
        "issued_after_course_ended",
        "Ningún certificado se emitió antes del día siguiente al término que imprime.",
        """
        SELECT 'issuance:' || id FROM issuance
        WHERE (issued_at AT TIME ZONE (snapshot ->> 'time_zone'))::date <= (snapshot ->> 'ends_on')::date
        """,
    ),
    in_sql(
        "issuance_was_accepted",
        "Cada emisión responde a la aceptación de quien emite, sobre lo mismo que revisó.",
        """
        WITH accepted AS (
            SELECT t.id, certificate_id, completed_by_id, answers,
                row_number() OVER (PARTITION BY certificate_id ORDER BY closed_at, t.id) AS number
            FROM human_task AS t JOIN process_instance AS p ON p.id = instance_id
            WHERE form = 'accept_issuance' AND t.status = 'completed' AND answers @> '{"accepted": true}'
        )
        SELECT coalesce('issuance:' || i.id, 'human_task:' || a.id)
        FROM (SELECT *, row_number() OVER (PARTITION BY certificate_id ORDER BY sequence) AS number FROM issuance) AS i
        FULL JOIN accepted AS a USING (certificate_id, number)
        WHERE issued_by_id IS DISTINCT FROM completed_by_id
            OR evidence ->> 'accepted_sha256' IS DISTINCT FROM answers ->> 'content_sha256'
        """,
    ),
)
