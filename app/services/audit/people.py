"""RUTs: right where they belong, and nowhere else."""

from app.services.audit.invariant import in_sql
from app.services.audit.ruts_in_sql import LIKE_A_RUT, check_digit_of

INVARIANTS = (
    in_sql(
        "ruts_are_valid",
        "El dígito verificador de cada persona e institución corresponde a su RUT.",
        f"""
        SELECT label
        FROM (SELECT 'person:' || id AS label, rut_body, check_digit FROM person
            UNION ALL SELECT 'organisation:' || id, rut_body, check_digit FROM organisation) AS known
        WHERE rut_body NOT BETWEEN 1 AND 999999999 OR check_digit <> {check_digit_of("rut_body")}
        """,
    ),
    in_sql(
        "no_ruts_elsewhere",
        "Ni el historial, ni los efectos, ni los incidentes, ni los trámites llevan un RUT.",
        """
        SELECT label
        FROM (
            -- A reason is what a person wrote, and may name whom it is about.
            SELECT 'history_event:' || id AS label, (data - 'reason')::text AS told FROM history_event
            UNION ALL SELECT 'effect:' || id, concat_ws(' ', identity, payload, last_error) FROM effect
            UNION ALL SELECT 'incident:' || id, concat_ws(' ', reason, detail) FROM incident
            UNION ALL SELECT 'process_instance:' || id, concat_ws(' ', subject, state) FROM process_instance
        ) AS written
        WHERE told ~ :like_a_rut
        """,
        like_a_rut=LIKE_A_RUT,
    ),
)
