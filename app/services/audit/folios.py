"""Folios: no gaps, the counter right, the year that of the issue."""

from app.services.audit.invariant import in_sql
from app.services.certificates import FOLIO_ZONE

INVARIANTS = (
    in_sql(
        "folios_without_gaps",
        "Los folios de cada año van de 1 al último, sin saltos.",
        """
        SELECT 'folio:' || number || '-' || folio_year
        FROM (SELECT folio_year, max(folio_number) AS last FROM issuance GROUP BY folio_year) AS year,
            generate_series(1, last) AS number
        WHERE NOT EXISTS (SELECT FROM issuance AS i WHERE (i.folio_year, i.folio_number) = (year.folio_year, number))
        """,
    ),
    in_sql(
        "folio_counter_agrees",
        "El contador de cada año es el último folio dado.",
        """
        SELECT 'folio_counter:' || coalesce(year, folio_year)
        FROM folio_counter
        FULL JOIN (SELECT folio_year, max(folio_number) AS last FROM issuance GROUP BY folio_year) AS given
            ON folio_year = year
        WHERE last IS DISTINCT FROM last_number
        """,
    ),
    in_sql(
        "folio_year_is_of_its_issue",
        "El año de cada folio es el de su emisión en Santiago.",
        """
        SELECT 'issuance:' || id FROM issuance WHERE folio_year <> extract(year FROM issued_at AT TIME ZONE :zone)
        """,
        zone=FOLIO_ZONE,
    ),
)
