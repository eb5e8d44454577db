"""Folios broken."""

from tests.audit.mutations.breaking import Breaks, Broken

breaks = Breaks()

TABLES_OF_A_CERTIFICATE = """
DELETE FROM document WHERE issuance_id IN (SELECT id FROM issuance WHERE certificate_id = :c);
DELETE FROM issuance WHERE certificate_id = :c;
DELETE FROM history_event WHERE certificate_id = :c;
DELETE FROM effect WHERE payload ->> 'certificate_id' = CAST(:c AS text);
DELETE FROM effect WHERE identity IN (SELECT 'awaited:' || a.id
    FROM awaited_event AS a JOIN process_instance AS p ON p.id = instance_id WHERE certificate_id = :c);
DELETE FROM awaited_event WHERE instance_id IN (SELECT id FROM process_instance WHERE certificate_id = :c);
DELETE FROM human_task WHERE instance_id IN (SELECT id FROM process_instance WHERE certificate_id = :c);
DELETE FROM process_instance WHERE certificate_id = :c;
DELETE FROM certificate WHERE id = :c
"""


@breaks("folios_without_gaps")
def a_certificate_was_deleted(history: Broken) -> None:
    certificate_id = history.certificates["issued"]
    history.document("issued").unlink()
    history.run("DELETE FROM effect WHERE payload ->> 'issuance_id' = :i", i=str(history.issuances("issued")[0]))
    for statement in TABLES_OF_A_CERTIFICATE.split(";"):
        history.run(statement, c=certificate_id)


@breaks("folio_counter_agrees")
def the_counter_ran_ahead(history: Broken) -> None:
    history.run("UPDATE folio_counter SET last_number = last_number + 1")


@breaks("folio_counter_agrees")
def a_year_has_no_counter(history: Broken) -> None:
    history.run("DELETE FROM folio_counter")


@breaks("folio_year_is_of_its_issue")
def the_last_issue_got_a_folio_of_another_year(history: Broken) -> None:
    last = history.issuances("last")[0]
    history.run(
        "UPDATE folio_counter SET last_number = last_number - 1"
        " WHERE year = (SELECT folio_year FROM issuance WHERE id = :i)",
        i=last,
    )
    history.run("INSERT INTO folio_counter (year, last_number) VALUES (1999, 1)")
    history.run("UPDATE issuance SET folio_year = 1999, folio_number = 1 WHERE id = :i", i=last)
    history.run(
        """UPDATE history_event SET data = data || '{"folio": "1-1999"}' WHERE certificate_id = :c AND data ? 'folio'""",
        c=history.certificates["last"],
    )
    history.reprint(last, folio="1-1999")
